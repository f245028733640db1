"""Fewer breaks, then fewer idle slots, at unchanged value: annealing by Kempe exchanges, then tables anew.

An exchange of two slots along a chain changes the day of the two people at its ends only, so that a step
costs next to nothing (Kirkpatrick et al. 1983 for the acceptance rule)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from matching.scheduling.budget import STEPS_PER_UNIT, Budget
from matching.scheduling.colouring import bits
from matching.scheduling.grid import Grid
from matching.scheduling.instance import Settled, build_instance
from matching.scheduling.problem import Problem
from matching.scheduling.rooms import seat
from matching.scheduling.solution import Schedule
from matching.scheduling.tables import give_tables

BREAK_COST = 20
HOT, COLD = 12.0, 2.0
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
    """The same meetings at better slots; settled pins and sessions stay, so do value, bound and status."""
    budget = Budget(time_limit_s, work_limit, should_stop)
    pinned = {(pin.a, pin.v) for pin in problem.pinned if pin.slot is not None or pin.table is not None}
    pins = {(m.a, m.v): m.slot for m in schedule.meetings if (m.a, m.v) in pinned}
    settled = Settled({g.id: (g.slot, g.vendors) for g in schedule.groups}, pins)
    instance = build_instance(problem, settled)
    grid = Grid(instance)
    slots = {(m.a, m.v): m.slot for m in schedule.meetings}
    for meeting, pair in enumerate(instance.pairs):
        if pair in slots:
            grid.place(meeting, slots[pair])
    day = _Days(problem, schedule, instance.ids)
    _anneal(grid, day, budget, random.Random(seed))  # noqa: S311 - a search, not a secret
    for meeting, slot in enumerate(grid.slot):
        if slot >= 0:
            slots[instance.pairs[meeting]] = slot
    rooms: dict[tuple[str, str], str] | None = None
    if problem.walks:
        rooms = seat(problem, slots, slots)
        remote = {(c.a, c.v) for c in problem.candidates if c.remote}
        if any(pair not in rooms and pair not in remote for pair in slots):
            return schedule  # the better slots would make someone run
    return replace(schedule, meetings=give_tables(problem, slots, rooms))


def breaks_in(problem: Problem, schedule: Schedule) -> int:
    """Breaks over all people; sessions count as activities, a break of the programme does not."""
    day = _Days(problem, schedule, [person.id for person in problem.participants])
    return sum(day.cost(mask) // (BREAK_COST * problem.slots) for mask in day.busy)


class _Days:
    """Slots (bits) at which each person is busy, and what a day costs."""

    def __init__(self, problem: Problem, schedule: Schedule, ids: list[str]) -> None:
        index = {identifier: n for n, identifier in enumerate(ids)}
        self.busy = [0] * len(ids)
        self.slots = problem.slots
        self.blocks = problem.blocks
        hosts = {group.id: group.ambassador for group in problem.groups}
        for meeting in schedule.meetings:
            for identifier in (meeting.a, meeting.v):
                self.busy[index[identifier]] |= 1 << meeting.slot
        for group in schedule.groups:
            for identifier in (hosts[group.id], *group.vendors):
                self.busy[index[identifier]] |= 1 << group.slot
        self._known: dict[int, int] = {}

    def cost(self, mask: int) -> int:
        """BREAK_COST x slots for each break, plus one for each idle slot within one."""
        known = self._known.get(mask)
        if known is None:
            known = self._known[mask] = self._compute(mask)
        return known

    def _compute(self, mask: int) -> int:
        total, last = 0, -1
        for slot in bits(mask):
            crosses = any(last < opening <= slot for opening in self.blocks)
            if last >= 0 and slot - last > 1 and not crosses:
                total += BREAK_COST * self.slots + slot - last - 1
            last = slot
        return total


def _anneal(grid: Grid, day: _Days, budget: Budget, rng: random.Random) -> None:
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
    shares = [0.0]
    if budget.work_limit:
        shares.append(budget.work / budget.work_limit)
    if budget.time_limit_s:
        shares.append(budget.elapsed_s / budget.time_limit_s)
    return min(1.0, max(shares))


def _step(grid: Grid, day: _Days, people: list[int], heat: float, rng: random.Random) -> int:
    """Try one exchange; the change of energy (0 where refused)."""
    instance, at, width = grid.instance, grid.at, grid.instance.slots
    person = people[int(rng.random() * len(people))]
    for _ in range(3):  # rather someone whose day can improve
        if day.cost(day.busy[person]):
            break
        person = people[int(rng.random() * len(people))]
    here, there = int(rng.random() * width), int(rng.random() * width)
    meeting = at[person * width + here]
    if meeting < 0 or not grid.free[person] >> there & 1:
        return 0
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
    mine, other = day.busy[person], day.busy[end]
    change = day.cost(mine ^ flip) - day.cost(mine) + day.cost(other ^ flip) - day.cost(other)
    if change > 0 and rng.random() >= math.exp(-change / heat):
        return 0
    grid.swap(chain, here, there)
    day.busy[person] ^= flip
    day.busy[end] ^= flip
    return change
