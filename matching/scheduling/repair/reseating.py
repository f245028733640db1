"""Rooms and tables of a repaired schedule whose rooms are far apart: what was published stays first."""

from __future__ import annotations

from matching.scheduling.construct.seating import seat
from matching.scheduling.construct.tables import give_tables
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Meeting, Schedule

Pair = tuple[str, str]


def reseat(problem: Problem, slots: dict[Pair, int], published: Schedule) -> dict[Pair, int]:
    """The meetings that find a room without making anyone run: those that stay before those that move."""
    if not problem.walks:
        return slots
    rooms = _rooms_again(problem, slots, published)
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    return {pair: slot for pair, slot in slots.items() if pair in rooms or pair in remote}


def keep_tables(problem: Problem, slots: dict[Pair, int], published: Schedule) -> tuple[Meeting, ...]:
    """Tables for meetings that `reseat` let through, the published ones as far as they can be kept."""
    rooms = _rooms_again(problem, slots, published)
    old = {(m.a, m.v): m for m in published.meetings}
    kept = {
        pair: table
        for pair in slots
        if pair in old and old[pair].slot == slots[pair] and (table := old[pair].table) is not None
    }
    return give_tables(problem, slots, rooms, kept)


def _rooms_again(problem: Problem, slots: dict[Pair, int], published: Schedule) -> dict[Pair, str]:
    values = {(c.a, c.v): c.w for c in problem.candidates}
    old = {(m.a, m.v): m for m in published.meetings}
    names = problem.table_rooms
    wanted = {
        pair: names[meeting.table]
        for pair, meeting in old.items()
        if meeting.table is not None and meeting.table < len(names) and slots.get(pair) == meeting.slot
    }
    order = sorted(slots, key=lambda pair: (pair not in wanted, -values.get(pair, 0), pair))
    return seat(problem, slots, order, wanted)
