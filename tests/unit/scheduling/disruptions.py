"""Random disruptions of small days, and the best repair of each by a model written from the rules alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Candidate, Participant, Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.repair import Absence, Event, LostTables, Newcomer
from matching.scheduling.search.solve import solve

RULES = ("bonus", "pins", "free", "row", "gap", "parallel", "people")
COUNTED = ("day", "quota", "floor", "share", "order", "equipment", "met")
RULED = 0.4  # share of the days with rules beyond the core
COUNTED_FROM, COUNTING = 2_000, 0.7  # days numbered lower stay what they always were
SCALE = 100  # weights of the random problems have two decimals at most


@dataclass(frozen=True, slots=True)
class Disruption:
    """A problem, a schedule of it, what happened and how repairs are asked for."""

    problem: Problem
    published: Schedule
    events: tuple[Event, ...]
    started: int
    price: float
    cap: int | None


def disruption(seed: int) -> Disruption:
    """The disruption of that number; the same for ever."""
    rng = random.Random(seed)
    while True:
        data = generate(
            rng.randint(2, 5),
            rng.randint(2, 6),
            rng.randint(2, 5),
            rng.randint(1, 3),
            windows=rng.choice(("none", "random15", "random30", "blocks50")),
            wishes=rng.randint(2, 5),
            minimum=rng.choice((0, 1, 2)),
            pins=rng.choice((0, 0, 1, 2)),
            groups=rng.choice((0, 0, 1, 1, 2)),
            seed=rng.randrange(10**9),
        )
        _vary(data, rng)
        if rng.random() < RULED:
            add_rules(data, rng)
        elif seed >= COUNTED_FROM and rng.random() < COUNTING:
            add_counts(data, rng)
        try:
            problem = Problem.from_json(data)
            published = solve(problem, work_limit=2, polish_work=0)
        except ProblemError:
            continue
        if published.status != "infeasible":
            break
    if rng.random() < 0.3:  # a draft that leaves room
        free = {(pin.a, pin.v) for pin in problem.pinned}
        kept = [m for m in published.meetings if (m.a, m.v) in free or rng.random() < 0.7]
        published = Schedule(tuple(kept), published.groups, 0, 10**9, 1, "feasible")
    events = tuple(_event(problem, rng) for _ in range(rng.randint(0, 3)))
    started = rng.choice((0, 0, rng.randint(0, problem.slots)))
    price = rng.choice((0, 0.5, 1, 7.25, 40, 1000))
    return Disruption(problem, published, events, started, price, rng.choice((None, None, 0, 1, 2)))


def _vary(data: dict[str, Any], rng: random.Random) -> None:
    data["shortfall_penalty"] = rng.choice((0, 30, 1000))
    for row in data["candidates"]:
        row["w"] = rng.choice((row["w"], row["w"] / 4))
        row["remote"] = rng.random() < 0.15
    for person in data["participants"]:
        person["max"] = rng.choice((None, None, None, max(2, person["min"])))
    owners = rng.sample(data["participants"], min(data["tables"], 2)) if rng.random() < 0.3 else []
    for table, person in enumerate(owners):
        person["table"] = table
    for pin in data["pinned"]:
        if rng.random() < 0.3:
            pin["table"] = rng.randrange(data["tables"])
    for group in data["groups"]:
        group["vendors"] = group["vendors"][:4]
        group["cap"] = rng.randint(1, 3)
        group["min"] = rng.randint(0, min(group["cap"], len(group["vendors"])))


def add_rules(data: dict[str, Any], rng: random.Random) -> None:
    """Some of the rules of real days, drawn."""
    slots = range(data["slots"])
    rules = rng.sample(RULES, rng.randint(1, 3))
    data["blocks"] = sorted({0, rng.choice(slots)})
    for person in rng.sample(data["participants"], min(3, len(data["participants"]))):
        if "free" in rules:
            window = rng.sample(slots, rng.randint(1, len(slots)))
            person |= {"free_one_of": window, "free_count": rng.randint(1, len(window))}
        if "row" in rules:
            person["max_in_a_row"] = rng.randint(1, 2)
        if "gap" in rules:
            person["min_gap"] = rng.randint(0, 2)
        if "parallel" in rules:
            person["parallel"] = rng.randint(1, 3)
        elif "people" in rules:
            person["people"] = [
                {"id": name, "avail": rng.choice((None, rng.sample(slots, rng.randint(0, len(slots)))))}
                for name in ("Ana", "Bo")
            ]
    if "bonus" in rules:
        for row in data["candidates"]:
            row["slot_bonus"] = {str(t): rng.choice((-40, -0.5, 3, 25)) for t in slots if rng.random() < 0.5}
    if "pins" in rules:
        for pin in data["pinned"]:
            pin.pop("slot", None)
            pin["slots"] = rng.sample(slots, rng.randint(1, len(slots)))


def add_counts(data: dict[str, Any], rng: random.Random) -> None:
    """Some of the rules that count meetings, drawn."""
    rules = rng.sample(COUNTED, rng.randint(1, 3))
    ids = [person["id"] for person in data["participants"]]
    pairs = [[row["a"], row["v"]] for row in data["candidates"]]
    data["days"] = sorted({0, rng.randrange(data["slots"])})
    for person in rng.sample(data["participants"], min(3, len(ids))) if "day" in rules else ():
        person["max_a_day"] = rng.choice((0, 1, 1, 2))
        person["min_a_day"] = rng.randint(0, person["max_a_day"])
    for name in {"quota", "floor", "share"}.intersection(rules):
        field = {"quota": "max", "floor": "min", "share": "min_share"}[name]
        value = rng.randint(20, 100) if name == "share" else rng.randint(0, 4)
        quota = {"id": name, "members": rng.sample(ids, rng.randint(1, len(ids))), field: value}
        if rng.random() < 0.5:
            quota["among"] = rng.sample(ids, rng.randint(1, len(ids)))
        data.setdefault("quotas", []).append(quota)
    if "order" in rules and len(pairs) > 1:
        data["order"] = [dict(zip(("first", "then"), rng.sample(pairs, 2), strict=True)) for _ in range(3)]
    if "equipment" in rules:
        data["equipment"] = [{"id": "screen", "count": rng.randint(0, 1)}, {"id": "booth", "count": 1}]
        for row in data["candidates"]:
            row["needs"] = [name for name in ("screen", "booth") if rng.random() < 0.5]
    if "met" in rules:
        for row in data["candidates"]:
            row["met_before"] = rng.choice((0, 10, 300))


def _event(problem: Problem, rng: random.Random) -> Event:
    kind = rng.random()
    if kind < 0.6:
        start = rng.choice((0, rng.randrange(problem.slots)))
        until = rng.choice((None, rng.randint(start + 1, problem.slots)))
        return Absence(rng.choice(problem.participants).id, start, until)
    if kind < 0.85:
        return LostTables(rng.randint(1, 2), rng.choice((0, rng.randrange(problem.slots))))
    vendor = Participant("v99", "V", max=rng.choice((None, 1)))
    hosts = [person.id for person in problem.participants if person.side == "A"]
    wishes = rng.sample(hosts, min(2, len(hosts)))
    return Newcomer(vendor, tuple(Candidate(a, "v99", rng.randint(1, 200)) for a in wishes))


class Reference:
    """The problem left as integer constraints: its past is pinned there already."""

    def __init__(self, left: Problem, published: Schedule) -> None:
        self.left = left
        self.model: Any = cp_model.CpModel()
        self.published = published
        people = {person.id: person for person in left.participants}
        slots = range(left.slots)
        rows = {(c.a, c.v): c for c in left.candidates}
        pins = {(pin.a, pin.v): pin for pin in left.pinned}
        self.x = {
            (a, v, t): self.model.new_bool_var(f"{a}{v}{t}")
            for a, v in {**rows, **pins}
            if (a, v) not in left.forbidden
            for t in slots
            if people[a].is_available(t) and people[v].is_available(t)
            if t >= left.started or (a, v) in pins
        }
        self.g = {
            (group.id, t): self.model.new_bool_var("")
            for group in left.groups
            for t in (slots if group.slots is None else group.slots)
            if people[group.ambassador].is_available(t)
        }
        self.s = {
            (group.id, seat.v, t): self.model.new_bool_var("")
            for group in left.groups
            for seat in group.vendors
            for t in slots
            if (group.id, t) in self.g and people[seat.v].is_available(t)
        }
        self._limits(people, rows, pins)
        bonus = {(a, v, t): p for (a, v), row in rows.items() for t, p in row.slot_bonus}
        points = {pair: max(0, row.w - row.met_before) for pair, row in rows.items()}
        value: list[Any] = [
            round((points.get(k[:2], 0) + bonus.get(k, 0)) * SCALE) * x for k, x in self.x.items()
        ]
        worth = {(group.id, seat.v): seat.w for group in left.groups for seat in group.vendors}
        value += [round(worth[g, v] * SCALE) * x for (g, v, _), x in self.s.items()]
        for person in left.participants:
            short = self.model.new_int_var(0, person.min, "")
            self.model.add(short >= person.min - sum(x for k, x in self.x.items() if person.id in k[:2]))
            value.append(-round(left.shortfall_penalty * SCALE) * short)
        value += [-round(left.shortfall_penalty * SCALE) * short for short in self._counts(rows)]
        self.value = sum(value)

    def _limits(self, people: dict[str, Any], rows: dict[Any, Any], pins: dict[Any, Any]) -> None:
        left, model = self.left, self.model
        self.busy: dict[tuple[str, int], Any] = {}
        hosts = {group.id: group.ambassador for group in left.groups}
        for t in range(left.slots):
            for i, person in people.items():
                mine = [x for (a, v, at), x in self.x.items() if at == t and i in (a, v)]
                mine += [x for (g, at), x in self.g.items() if at == t and hosts[g] == i]
                mine += [x for (_, v, at), x in self.s.items() if at == t and v == i]
                several = sum(p.avail is None or t in p.avail for p in person.people)
                model.add(sum(mine) <= (several if person.people else person.parallel))
                self.busy[i, t] = model.new_bool_var("")
                for x in mine:
                    model.add(x <= self.busy[i, t])
            seated = {
                (a, v): x
                for (a, v, at), x in self.x.items()
                if at == t and not ((a, v) in rows and rows[a, v].remote)
            }
            model.add(sum(seated.values()) <= left.tables[t])
            for table in {pin.table for pin in pins.values() if pin.table is not None}:
                there = [x for pair, x in seated.items() if pair in pins and pins[pair].table == table]
                model.add(sum(there) <= (1 if table < left.tables[t] else 0))
            model.add(sum(x for (_, at), x in self.g.items() if at == t) <= left.rooms)
        for i, person in people.items():
            self._rest(person)
            if person.max is not None:
                model.add(sum(x for k, x in self.x.items() if i in k[:2]) <= person.max)
        for pair in {k[:2] for k in self.x}:
            model.add(sum(x for k, x in self.x.items() if k[:2] == pair) <= 1)
        for pin in pins.values():
            at = [x for k, x in self.x.items() if k[:2] == (pin.a, pin.v) and _suits(pin, k[2])]
            model.add(sum(at) == 1)
        for group in left.groups:
            model.add(sum(x for k, x in self.g.items() if k[0] == group.id) == 1)
            for t in range(left.slots):
                if (group.id, t) in self.g:
                    seats = [x for k, x in self.s.items() if k[0] == group.id and k[2] == t]
                    model.add(sum(seats) <= group.cap * self.g[group.id, t])
                    model.add(sum(seats) >= group.min * self.g[group.id, t])

    def _counts(self, rows: dict[Any, Any]) -> list[Any]:
        """Days, quotas, orders and equipment; returns what is missing to their floors."""
        left, model, missing = self.left, self.model, []
        for person in left.participants:
            for start, end in pairwise((*left.days, left.slots)):
                mine = [x for (*pair, t), x in self.x.items() if person.id in pair and start <= t < end]
                if person.max_a_day is not None:
                    model.add(sum(mine) <= person.max_a_day)
                if any(person.avail is None or t in person.avail for t in range(start, end)):
                    missing.append(model.new_int_var(0, 1000, ""))
                    model.add(missing[-1] >= person.min_a_day - sum(mine))
        for quota in left.quotas:
            all_of = {k: x for k, x in self.x.items() if not quota.among or {*quota.among} & {*k[:2]}}
            mine = [x for k, x in all_of.items() if {*quota.members} & {*k[:2]}]
            if quota.max is not None:
                model.add(sum(mine) <= quota.max)
            for least in (100 * quota.min, quota.min_share * sum(all_of.values())):
                missing.append(model.new_int_var(0, 1000, ""))
                model.add(100 * missing[-1] >= least - 100 * sum(mine))
        for order in left.order:
            both = [(k, x) for k, x in self.x.items() if k[:2] in (order.first, order.then)]
            for k, x in both:
                for other, y in both:
                    if k[:2] == order.first and other[:2] == order.then and k[2] >= other[2]:
                        model.add(x + y <= 1)
        for item in left.equipment:
            for slot in range(left.slots):
                users = [
                    x
                    for k, x in self.x.items()
                    if k[2] == slot and k[:2] in rows and item.id in rows[k[:2]].needs
                ]
                model.add(sum(users) <= item.count)
        return missing

    def _rest(self, person: Any) -> None:
        slots, opens = self.left.slots, self.left.blocks
        if person.free_one_of:
            idle = [1 - self.busy[person.id, t] for t in person.free_one_of]
            self.model.add(sum(idle) >= person.free_count)
        for first in range(slots):
            run = [first]
            while run[-1] + 1 < slots and run[-1] + 1 not in opens:
                run.append(run[-1] + 1)
            most = person.max_in_a_row
            if most is not None and len(run) > most:
                self.model.add(sum(self.busy[person.id, t] for t in run[: most + 1]) <= most)
            for later in run[1 : person.min_gap + 1]:
                self.model.add(self.busy[person.id, first] + self.busy[person.id, later] <= 1)

    def kept(self) -> list[tuple[Any, tuple[Any, ...]]]:
        """Variables of what keeps its place, with what it is."""
        found: list[tuple[Any, tuple[Any, ...]]] = []
        for m in self.published.meetings:
            if (m.a, m.v, m.slot) in self.x:
                pin = next((p for p in self.left.pinned if (p.a, p.v) == (m.a, m.v)), None)
                if pin is None or _suits(pin, m.slot):
                    found.append((self.x[m.a, m.v, m.slot], (m.a, m.v, m.slot)))
        for held in self.published.groups:
            if (held.id, held.slot) in self.g:
                found.append((self.g[held.id, held.slot], (held.id, held.slot)))
                found += [
                    (self.s[held.id, v, held.slot], (held.id, v, held.slot))
                    for v in held.vendors
                    if (held.id, v, held.slot) in self.s
                ]
        return found

    def best(self, goal: Any) -> int | None:
        """The greatest value of a goal, proved; None where no schedule exists."""
        self.model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = 60
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL
        return round(solver.objective_value)


def _suits(pin: Any, slot: int) -> bool:
    return pin.slot in (None, slot) and (pin.slots is None or slot in pin.slots)


def best_fill(left: Problem, published: Schedule) -> float | None:
    """The greatest value among the repairs that keep in place as much as any can."""
    reference = Reference(left, published)
    kept = sum(x for x, _ in reference.kept())
    most = reference.best(kept)
    if most is None:
        return None
    reference.model.add(kept >= most)
    value = reference.best(reference.value)
    return None if value is None else value / SCALE


def best_move(
    left: Problem, published: Schedule, filled: Schedule, price: float, cap: int | None
) -> float | None:
    """The greatest value less the price of changes to what `filled` keeps in place, and of what was lost and
    is held again elsewhere; at most `cap` of them for one person, or as many as in `filled`."""
    reference = Reference(left, published)
    hosts = {group.id: group.ambassador for group in left.groups}
    stands: set[tuple[Any, ...]] = {(m.a, m.v, m.slot) for m in filled.meetings}
    stands |= {(g.id, g.slot) for g in filled.groups}
    stands |= {(g.id, v, g.slot) for g in filled.groups for v in g.vendors}
    firm = {key: x for x, key in reference.kept() if key in stands}
    costs: list[Any] = []
    people: dict[str, list[Any]] = {person.id: [] for person in left.participants}
    for key, x in firm.items():
        if len(key) == 2:  # a session
            costs.append(1 - x)
            people[hosts[key[0]]].append(1 - x)
        elif key[0] in hosts:  # a seat
            if (key[0], key[2]) in firm:
                costs.append(firm[key[0], key[2]] - x)
                people[key[1]].append(1 - x)
        else:
            costs.append(1 - x)
            people[key[0]].append(1 - x)
            people[key[1]].append(1 - x)
    again: dict[str, int] = dict.fromkeys(people, 0)
    now = {(m.a, m.v): m.slot for m in filled.meetings}
    for m in published.meetings:
        if (m.a, m.v, m.slot) in firm:
            continue
        elsewhere = sum(x for k, x in reference.x.items() if k[:2] == (m.a, m.v) and k[2] != m.slot)
        costs.append(elsewhere)
        for i in (m.a, m.v):
            people[i].append(elsewhere)
            again[i] += now.get((m.a, m.v), m.slot) != m.slot
    if cap is not None:
        for i, mine in people.items():
            reference.model.add(sum(mine) <= max(cap, again[i]))
    best = reference.best(reference.value - round(price * SCALE) * sum(costs))
    return None if best is None else best / SCALE
