"""Verifies a schedule against its problem from the two descriptions alone: no solver, and of the other rooms
only the statement of the objective."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from matching.scheduling.model.errors import Fault
from matching.scheduling.model.limits import broken
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Participant, Problem
from matching.scheduling.model.rests import rests
from matching.scheduling.model.schedule import Schedule, worth

Violation = Fault
TOLERANCE = 1e-6


def check(problem: Problem, schedule: Schedule | Mapping[str, Any]) -> list[Violation]:
    """Every rule the schedule breaks, in words; empty when it stands. Raises ProblemError if unreadable."""
    if not isinstance(schedule, Schedule):
        schedule = Schedule.from_json(schedule)
    found = list(_meeting_rules(problem, schedule))
    found += _one_activity_at_a_time(problem, schedule)
    found += _tables(problem, schedule)
    found += _walks(problem, schedule)
    found += _pins(problem, schedule)
    found += _groups(problem, schedule)
    found += _limits(problem, schedule)
    return found or list(_figures(problem, schedule))


def _counts(schedule: Schedule) -> Counter[str]:
    return Counter(identifier for meeting in schedule.meetings for identifier in (meeting.a, meeting.v))


def _meeting_rules(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    allowed = {(c.a, c.v) for c in problem.candidates} | {(p.a, p.v) for p in problem.pinned}
    forbidden, pinned = set(problem.forbidden), {(pin.a, pin.v) for pin in problem.pinned}
    seen = set()
    for meeting in schedule.meetings:
        pair, item = (meeting.a, meeting.v), f"{meeting.a}/{meeting.v}"
        if pair not in allowed:
            yield Violation("not_a_candidate", item, f"{item} is no candidate meeting")
        if pair in forbidden:
            yield Violation("forbidden_pair", item, f"{item} is forbidden")
        if pair in seen:
            yield Violation("pair_twice", item, f"{item} meets twice")
        seen.add(pair)
        if meeting.slot < problem.started and pair not in pinned:
            yield Violation("in_the_past", item, f"{item} is at slot {meeting.slot}, which has begun")
    counts = _counts(schedule)
    for person in problem.participants:
        if person.max is not None and counts[person.id] > person.max:
            text = f"{person.id}: {counts[person.id]} meetings, maximum {person.max}"
            yield Violation("above_maximum", person.id, text)


def _one_activity_at_a_time(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    people = {person.id: person for person in problem.participants}
    hosts = {group.id: group.ambassador for group in problem.groups}
    activities = [(i, m.slot) for m in schedule.meetings for i in (m.a, m.v)]
    activities += [(i, g.slot) for g in schedule.groups for i in (hosts.get(g.id, g.id), *g.vendors)]
    for (identifier, slot), count in Counter(activities).items():
        if identifier not in people:
            yield Violation("unknown_id", identifier, f"{identifier} is no participant")
        elif not 0 <= slot < problem.slots:
            yield Violation("unknown_slot", identifier, f"{identifier}: {slot} is no slot")
        elif not people[identifier].is_available(slot):
            yield Violation("unavailable", identifier, f"{identifier} does not attend slot {slot}")
        most = people[identifier].capacity(slot) if identifier in people else 1
        if count > max(1, most):
            yield Violation(
                "double_booked", identifier, f"{identifier} has {count} activities at slot {slot}"
            )
    busy = set(activities)
    for person in problem.participants:
        for rule, slots, most in rests(problem, person):
            if sum((person.id, slot) in busy for slot in slots) > most:
                where = ", ".join(map(str, slots))
                text = f"{person.id}: more than {most} of slots {where} are busy ({rule})"
                yield Violation("no_rest", person.id, text)
    yield from _named_people(people, schedule)


def _named_people(people: Mapping[str, Participant], schedule: Schedule) -> Iterator[Violation]:
    """Who of a delegation holds a meeting attends its slot, and holds no other then."""
    named = [
        (i, name, m.slot)
        for m in schedule.meetings
        for i, name in ((m.a, m.a_person), (m.v, m.v_person))
        if name
    ]
    for (identifier, name, slot), count in Counter(named).items():
        if identifier in people and name not in people[identifier].present(slot):
            yield Violation(
                "unknown_person", identifier, f"{name} of {identifier} does not attend slot {slot}"
            )
        if count > 1:
            yield Violation(
                "double_booked", identifier, f"{name} of {identifier} has {count} meetings at slot {slot}"
            )


def _tables(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    remote = {(candidate.a, candidate.v) for candidate in problem.candidates if candidate.remote}
    seated = [m for m in schedule.meetings if (m.a, m.v) not in remote and 0 <= m.slot < problem.slots]
    for slot, count in Counter(meeting.slot for meeting in seated).items():
        if count > problem.tables[slot]:
            text = f"slot {slot}: {count} meetings, {problem.tables[slot]} tables"
            yield Violation("tables_exceeded", str(slot), text)
    places = Counter((m.slot, m.table) for m in seated if m.table is not None)
    for (slot, table), count in places.items():
        if count > 1 or (table is not None and table >= problem.tables[slot]):
            yield Violation("table_misused", str(slot), f"slot {slot}, table {table}: {count} meetings")
    pinned = {(pin.slot, pin.table) for pin in _placed_pins(problem, schedule) if pin.table is not None}
    owner = {person.id: person.table for person in problem.participants if person.table is not None}
    homes = {(m.slot, m.table) for m in seated}
    several = {person.id for person in problem.participants if person.is_parallel}
    for meeting in seated:
        own = owner.get(meeting.a, owner.get(meeting.v))
        if own is None or meeting.table in (None, own) or own >= problem.tables[meeting.slot]:
            continue
        if {meeting.a, meeting.v} & several and (meeting.slot, own) in homes:
            continue  # another of its meetings sits there
        if (meeting.slot, own) not in pinned and (meeting.slot, meeting.table) not in pinned:
            text = f"{meeting.a}/{meeting.v} at slot {meeting.slot} is not at its own table {own}"
            yield Violation("own_table", f"{meeting.a}/{meeting.v}", text)


def _placed_pins(problem: Problem, schedule: Schedule) -> list[Any]:
    pairs = {(pin.a, pin.v): pin for pin in problem.pinned if pin.table is not None}
    return [m for m in schedule.meetings if (m.a, m.v) in pairs and pairs[m.a, m.v].table == m.table]


def _walks(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Nobody sits at consecutive slots of a block in two rooms too far apart."""
    far = {pair for one, other in problem.walks for pair in ((one, other), (other, one))}
    room = {
        (i, m.slot): problem.table_rooms[m.table]
        for m in schedule.meetings
        if m.table is not None and m.table < len(problem.table_rooms)
        for i in (m.a, m.v)
    }
    for (identifier, slot), here in room.items():
        there = room.get((identifier, slot + 1))
        if slot + 1 not in problem.blocks and there is not None and (here, there) in far:
            text = f"{identifier} has no time to walk from {here} to {there} after slot {slot}"
            yield Violation("no_time_to_walk", identifier, text)


def _pins(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    held = {(meeting.a, meeting.v): meeting for meeting in schedule.meetings}
    for pin in problem.pinned:
        item, meeting = f"{pin.a}/{pin.v}", held.get((pin.a, pin.v))
        if meeting is None:
            yield Violation("pin_missing", item, f"pinned meeting {item} is not held")
        elif meeting.slot not in pin.choices(problem.slots):
            wanted = ", ".join(map(str, pin.choices(problem.slots)))
            text = f"pinned meeting {item} is at slot {meeting.slot}, not {wanted}"
            yield Violation("pin_moved", item, text)
        elif pin.table is not None and meeting.table not in (None, pin.table):
            yield Violation(
                "pin_moved", item, f"pinned meeting {item} is at table {meeting.table}, not {pin.table}"
            )


def _groups(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    wanted = {group.id: group for group in problem.groups}
    for identifier, count in Counter(group.id for group in schedule.groups).items():
        if count > 1:
            yield Violation("group_twice", identifier, f"group {identifier} is held {count} times")
    for missing in sorted(wanted.keys() - {group.id for group in schedule.groups}):
        yield Violation("group_missing", missing, f"group {missing} is not held")
    for held in schedule.groups:
        group = wanted.get(held.id)
        if group is None:
            yield Violation("unknown_id", held.id, f"{held.id} is no group")
            continue
        if group.slots is not None and held.slot not in group.slots:
            yield Violation("group_slot", held.id, f"group {held.id} may not be held at slot {held.slot}")
        if not group.min <= len(held.vendors) <= group.cap:
            text = f"group {held.id}: {len(held.vendors)} vendors, {group.min} to {group.cap} wanted"
            yield Violation("group_size", held.id, text)
        for vendor in sorted(set(held.vendors) - {seat.v for seat in group.vendors}):
            yield Violation("group_uninvited", held.id, f"group {held.id}: {vendor} is not invited")
    for slot, count in Counter(group.slot for group in schedule.groups).items():
        if count > problem.rooms:
            yield Violation(
                "rooms_exceeded", str(slot), f"slot {slot}: {count} sessions, {problem.rooms} rooms"
            )
    for (slot, room), count in Counter(
        (g.slot, g.room) for g in schedule.groups if g.room is not None
    ).items():
        if count > 1 or (room is not None and room >= problem.rooms):
            yield Violation("room_misused", str(slot), f"slot {slot}, room {room}: {count} sessions")


def _limits(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    held = {(meeting.a, meeting.v): meeting.slot for meeting in schedule.meetings}
    for limit, load in broken(problem, held):
        text = {
            "max_a_day": f"{limit.name}: {load} meetings on one day, maximum {limit.most}",
            "quota": f"quota {limit.name}: {load} meetings, maximum {limit.most}",
            "order": f"{limit.name} is not before the meeting that follows it",
            "equipment": f"{limit.name}: {load} meetings at one slot need it, there are {limit.most}",
        }[limit.code]
        yield Violation(limit.code, limit.name, text)


def _figures(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    objective = Objective(problem)
    found = objective.points(objective.value(*worth(schedule)))
    if abs(found - schedule.objective) > TOLERANCE * max(1.0, abs(found)):
        yield Violation("objective", "schedule", f"objective {schedule.objective} stated, {found} found")
    if schedule.objective > schedule.bound + TOLERANCE * max(1.0, abs(schedule.bound)):
        text = f"objective {schedule.objective} is above the bound {schedule.bound}"
        yield Violation("bound", "schedule", text)
    if schedule.status == "optimal" and schedule.gap > TOLERANCE:
        yield Violation("status", "schedule", f"stated optimal with a gap of {schedule.gap}")
