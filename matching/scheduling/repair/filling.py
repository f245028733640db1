"""The best repair of a large problem that moves nobody: what stands is pinned, the solver fills the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.limits import limited
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Group, Pin, Problem
from matching.scheduling.model.schedule import Meeting
from matching.scheduling.repair.model import Found
from matching.scheduling.repair.standing import Pair, Standing
from matching.scheduling.search.solve import solve

WORK = 5.0


def secure(problem: Problem, stands: Standing) -> Found:
    """What stands together, the most valuable first: pinned meetings, sessions, then the others."""
    pins = {(pin.a, pin.v) for pin in problem.pinned}
    values = Objective(problem).meeting
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    most = {person.id: person.max for person in problem.participants}
    people = {person.id: person for person in problem.participants}
    busy = Counter[tuple[str, int]]()
    counts, loads = Counter[str](), Counter[int]()
    tables: set[tuple[int | None, int]] = set()
    held: dict[Pair, int] = {}
    seating = {(pin.a, pin.v): pin.table for pin in problem.pinned if pin.table is not None}
    groups = _secure_sessions(problem, stands, busy)
    for pair in sorted(stands.meetings, key=lambda p: (p not in pins, -values.get(p, 0), p)):
        slot, table = stands.meetings[pair], seating.get(pair)
        full = pair not in remote and loads[slot] >= problem.tables[slot]
        above = any(most[i] is not None and counts[i] >= (most[i] or 0) for i in pair)
        taken = table is not None and (table, slot) in tables
        if full or above or taken or any(busy[i, slot] >= people[i].capacity(slot) for i in pair):
            continue
        held[pair] = slot
        counts.update(pair)
        busy.update((i, slot) for i in pair)
        loads[slot] += pair not in remote
        tables |= {(table, slot)} if table is not None else set()
    held, _ = limited(problem, held, values, pins)
    return Found(Commitments(groups, {p: s for p, s in held.items() if p in pins}), held, {})


def _secure_sessions(
    problem: Problem, stands: Standing, busy: Counter[tuple[str, int]]
) -> dict[str, tuple[int, tuple[str, ...]]]:
    seats: dict[str, list[str]] = defaultdict(list)
    for name, vendor in sorted(stands.seats):
        seats[name].append(vendor)
    wanted = {group.id: group for group in problem.groups}
    rooms = Counter[int]()
    found = {}
    for name, slot in stands.groups.items():
        group, vendors = wanted[name], seats[name]
        if rooms[slot] < problem.rooms and group.min <= len(vendors) <= group.cap:
            found[name] = (slot, tuple(vendors))
            rooms[slot] += 1
            busy.update((i, slot) for i in (group.ambassador, *vendors))
    return found


def fill(problem: Problem, objective: Objective, start: Found, seed: int, work: float = WORK) -> Found | None:
    """What is secure pinned where it is, everything else as the solver finds best around it."""
    asked = {(pin.a, pin.v): pin for pin in problem.pinned}
    pins = {
        pair: replace(asked.get(pair, Pin(*pair)), slot=slot, slots=None)
        for pair, slot in start.meetings.items()
    }
    bonus = 1 + 2 * (problem.shortfall_penalty + max([c.worth for c in problem.candidates], default=0))
    stay = start.committed.groups
    groups = tuple(_at_its_slot(group, stay.get(group.id), bonus) for group in problem.groups)
    staying = sum(len(vendors) for _, vendors in stay.values())
    pinned = replace(problem, pinned=tuple((asked | pins).values()), groups=groups)
    schedule = solve(pinned, work_limit=work, seed=seed, polish_work=0)
    if schedule.status == "infeasible":
        return None
    meetings = {(m.a, m.v): m.slot for m in schedule.meetings}
    rooms = _rooms(problem, schedule.meetings)
    committed = Commitments(
        {group.id: (group.slot, group.vendors) for group in schedule.groups},
        {pair: slot for pair, slot in meetings.items() if pair in asked},
    )
    return Found(
        committed, meetings, rooms, objective.scaled(schedule.bound) - staying * objective.scaled(bonus)
    )


def _at_its_slot(group: Group, held: tuple[int, tuple[str, ...]] | None, bonus: float) -> Group:
    """A session that stays where it is; those in it stay for more points than anything else brings."""
    if held is None:
        return group
    slot, vendors = held
    seats = tuple(replace(s, w=s.w + bonus) if s.v in vendors else s for s in group.vendors)
    return replace(group, slots=(slot,), vendors=seats)


def _rooms(problem: Problem, meetings: Iterable[Meeting]) -> dict[Pair, str]:
    names = problem.table_rooms
    return {
        (m.a, m.v): names[m.table]
        for m in meetings
        if problem.walks and m.table is not None and m.table < len(names)
    }
