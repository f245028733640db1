"""Fewer breaks, then fewer idle slots, at unchanged value: annealing by Kempe exchanges; then tables anew.

An exchange of two slots along a chain changes the day of the two people at its ends only, so that a step
costs next to nothing (Kirkpatrick et al. 1983 for the acceptance rule)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from matching.scheduling.breaks.days import BREAK_COST, Days, fewest_breaks
from matching.scheduling.budget import STEPS_PER_UNIT, Budget
from matching.scheduling.construct.grid import Grid
from matching.scheduling.construct.seating import seat
from matching.scheduling.construct.tables import give_tables, moves_bound, moves_in
from matching.scheduling.model.diagnostics import Comfort
from matching.scheduling.model.instance import Commitments, build_instance
from matching.scheduling.model.problem import Pin, Problem
from matching.scheduling.model.schedule import Schedule

HOT, COLD = 12.0, 3.0
"""Temperatures of the first and the last step, in BREAK_COST-ths of a break."""
BATCH = 2_000


def polish(
    problem: Problem,
    schedule: Schedule,
    *,
    time_limit_s: float | None = None,
    work_limit: float | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
) -> Schedule:
    """The same meetings at better slots; committed pins and sessions stay, so do value, bound and status."""
    budget = Budget(time_limit_s, work_limit, should_stop)
    pinned = {(pin.a, pin.v) for pin in problem.pinned if pin != Pin(pin.a, pin.v)}
    pins = {(m.a, m.v): m.slot for m in schedule.meetings if (m.a, m.v) in pinned}
    committed = Commitments({g.id: (g.slot, g.vendors) for g in schedule.groups}, pins)
    instance = build_instance(problem, committed)
    grid = Grid(instance)
    slots = {(m.a, m.v): m.slot for m in schedule.meetings}
    for meeting, pair in enumerate(instance.pairs):
        if pair in slots:
            grid.place(meeting, slots[pair])
    day = Days(problem, schedule, instance.ids)
    bound = _least_breaks(problem, grid, day)
    _anneal(grid, day, budget, random.Random(seed))  # noqa: S311 - a search, not a secret
    for meeting, slot in enumerate(grid.slot):
        if slot >= 0:
            slots[instance.pairs[meeting]] = slot
    return _compared(problem, schedule, _with_tables(problem, schedule, slots), bound)


def _with_tables(problem: Problem, schedule: Schedule, slots: dict[tuple[str, str], int]) -> Schedule:
    rooms: dict[tuple[str, str], str] | None = None
    if problem.walks:
        rooms = seat(problem, slots, slots)
        remote = {(c.a, c.v) for c in problem.candidates if c.remote}
        if any(pair not in rooms and pair not in remote for pair in slots):
            return schedule  # the better slots would make someone run
    return replace(schedule, meetings=give_tables(problem, slots, rooms))


def _compared(problem: Problem, before: Schedule, after: Schedule, bound: int) -> Schedule:
    """The polished schedule with its figures, beside those of the first one polished."""
    ids = [person.id for person in problem.participants]
    days = [Days(problem, schedule, ids) for schedule in (before, after)]
    if (days[1].breaks(), days[1].idle_slots()) > (days[0].breaks(), days[0].idle_slots()):
        return before
    found = [
        Comfort("breaks", days[0].breaks(), days[1].breaks(), bound),
        Comfort(
            "table_moves", moves_in(before.meetings), moves_in(after.meetings), moves_bound(after.meetings)
        ),
        Comfort("idle_slots", days[0].idle_slots(), days[1].idle_slots()),
    ]
    first = {figure.code: figure.before for figure in before.comfort}
    comfort = tuple(replace(figure, before=first.get(figure.code, figure.before)) for figure in found)
    return replace(after, comfort=comfort)


def _least_breaks(problem: Problem, grid: Grid, day: Days) -> int:
    """No slots of these meetings have fewer breaks: each person's fewest, whatever the others do."""
    instance = grid.instance
    windows, fixed = [0] * instance.people, list(day.busy)
    for meeting, slot in enumerate(grid.slot):
        if slot >= 0:
            for person in (instance.first[meeting], instance.second[meeting]):
                windows[person] |= instance.allowed[meeting]
                fixed[person] &= ~(1 << slot)
    return sum(
        fewest_breaks(problem.slots, problem.blocks, fixed[person], windows[person], count)
        for person, count in enumerate(grid.count)
        if count or fixed[person]
    )


def breaks_in(problem: Problem, schedule: Schedule) -> int:
    """Breaks over all people; sessions count as activities, a break of the programme does not."""
    return Days(problem, schedule, [person.id for person in problem.participants]).breaks()


def _anneal(grid: Grid, day: Days, budget: Budget, rng: random.Random) -> None:
    people = [p for p in range(grid.instance.people) if grid.count[p]]
    if not people:
        return
    unit = BREAK_COST * day.slots
    energy = sum(day.cost(mask) for mask in day.busy)
    best, best_slots = energy, list(grid.slot)
    while energy and not budget.is_spent():
        spent = _share_spent(budget)
        heat = unit / BREAK_COST * HOT * (COLD / HOT) ** spent
        for _ in range(BATCH):
            energy += _step(grid, day, people, heat, rng)
            if energy < best:
                best, best_slots = energy, list(grid.slot)
        budget.spend(BATCH / STEPS_PER_UNIT)
    grid.load_all(best_slots)


def _share_spent(budget: Budget) -> float:
    """By work where it is limited, so that the clock of a busy machine changes nothing."""
    if budget.work_limit:
        return min(1.0, budget.work / budget.work_limit)
    return min(1.0, budget.elapsed_s / budget.time_limit_s) if budget.time_limit_s else 0.0


def _step(grid: Grid, day: Days, people: list[int], heat: float, rng: random.Random) -> int:
    """Try one exchange; the change of energy (0 where refused)."""
    instance, at, width = grid.instance, grid.at, grid.instance.slots
    person = people[int(rng.random() * len(people))]
    for _ in range(3):  # rather someone whose day can improve
        if day.cost(day.busy[person]):
            break
        person = people[int(rng.random() * len(people))]
    free = grid.free[person]
    exchanges = day.exchanges(day.busy[person], instance.window[person] & ~free, free)
    if not exchanges:
        return 0
    here, there, mine = exchanges[int(rng.random() * len(exchanges))]
    meeting = at[person * width + here]
    first, second = instance.first, instance.second
    chain: list[int] = []
    end, now, then, shift = person, here, there, 0
    while meeting >= 0:
        chain.append(meeting)
        shift += (1 if now == here else -1) * instance.seated[meeting]
        end = first[meeting] + second[meeting] - end
        now, then = then, now
        meeting = at[end * width + now]
    if not grid.free[end] >> now & 1:
        return 0
    if shift > 0 and grid.load[there] + shift > instance.capacity[there]:
        return 0
    if shift < 0 and grid.load[here] - shift > instance.capacity[here]:
        return 0
    flip = 1 << here | 1 << there
    other = day.busy[end]
    change = mine + day.cost(other ^ flip) - day.cost(other)
    if change > 0 and rng.random() >= math.exp(-change / heat):
        return 0
    grid.swap(chain, here, there)
    day.busy[person] ^= flip
    day.busy[end] ^= flip
    return change
