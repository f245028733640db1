"""Tables and rooms of a repaired schedule: history as it was, the rest as far as it can be kept."""

from __future__ import annotations

from matching.scheduling.construct.people import name_people
from matching.scheduling.construct.tables import give_tables
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import HeldGroup, Schedule
from matching.scheduling.repair.model import Found


def seated(left: Problem, published: Schedule, found: Found, started: int) -> Schedule:
    """The slots found as a schedule without figures; what is history keeps its tables and rooms."""
    history = {(m.a, m.v): m for m in published.meetings if m.slot < started}
    kept = {
        (m.a, m.v): m.table
        for m in published.meetings
        if m.table is not None and found.meetings.get((m.a, m.v)) == m.slot
    }
    places = give_tables(left, found.meetings, found.rooms or None, kept)
    meetings = tuple(history.get((m.a, m.v), m) for m in places)
    groups = _rooms(left, published, found, started)
    return Schedule(name_people(left, meetings, groups), groups, 0, 0, 0, "feasible")


def _rooms(left: Problem, published: Schedule, found: Found, started: int) -> tuple[HeldGroup, ...]:
    """Sessions keep their room where they keep their slot, others take a free one."""
    old = {group.id: group for group in published.groups}
    taken: set[tuple[int, int]] = set()
    rooms: dict[str, int] = {}
    stay = []
    for name, (slot, _) in found.committed.groups.items():
        room = old[name].room if name in old and old[name].slot == slot else None
        if room is not None and (room < left.rooms or slot < started) and (slot, room) not in taken:
            rooms[name] = room
            taken.add((slot, room))
        else:
            stay.append(name)
    for name in sorted(stay):
        slot = found.committed.groups[name][0]
        rooms[name] = next(room for room in range(len(taken) + 1) if (slot, room) not in taken)
        taken.add((slot, rooms[name]))
    return tuple(
        HeldGroup(name, slot, rooms[name], tuple(vendors))
        for name, (slot, vendors) in sorted(found.committed.groups.items())
    )
