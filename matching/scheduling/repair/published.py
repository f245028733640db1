"""The schedule a repair starts from: refused where no problem could allow it, its past taken as history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from matching.scheduling.model.errors import Fault, ProblemError
from matching.scheduling.model.limits import broken, has_limits
from matching.scheduling.model.problem import Group, Participant, Pin, Problem, Seat
from matching.scheduling.model.rests import rests
from matching.scheduling.model.schedule import HeldGroup, Meeting, Schedule
from matching.scheduling.verify.check import check

CONTRADICTIONS = {"unknown_id", "unknown_slot", "pair_twice", "double_booked", "group_twice"}
"""What a schedule cannot be excused for by what happened since; the rest a repair mends."""


def check_published(problem: Problem, published: Schedule) -> None:
    """Raise ProblemError where the schedule contradicts itself or names what the problem does not know."""
    faults = [fault for fault in check(problem, published) if fault.code in CONTRADICTIONS]
    places = Counter((m.slot, m.table) for m in published.meetings if m.table is not None)
    faults += [
        Fault("table_misused", str(slot), f"slot {slot}, table {table}: {count} meetings")
        for (slot, table), count in places.items()
        if count > 1
    ]
    if faults:
        raise ProblemError(faults)


def with_history(problem: Problem, published: Schedule, started: int) -> Problem:
    """The problem from slot `started` on: what was held before is pinned where it was, tables, rooms,
    presence, maximums and vetoes notwithstanding, and nothing more fits there."""
    meetings = [m for m in published.meetings if m.slot < started]
    held = {group.id: group for group in published.groups if group.slot < started}
    hosts = {group.id: group.ambassador for group in problem.groups}
    busy: dict[str, set[int]] = {person.id: set() for person in problem.participants}
    for meeting in meetings:
        busy[meeting.a].add(meeting.slot)
        busy[meeting.v].add(meeting.slot)
    for group in held.values():
        for identifier in (hosts[group.id], *group.vendors):
            busy[identifier].add(group.slot)
    counts = Counter(identifier for m in meetings for identifier in (m.a, m.v))
    past = {(m.a, m.v) for m in meetings}
    left = replace(
        problem,
        started=max(started, problem.started),
        participants=tuple(
            _rested(problem, _from(p, busy[p.id], counts[p.id], started, problem.slots), busy[p.id])
            for p in problem.participants
        ),
        tables=_used(problem.tables, meetings),
        rooms=max([problem.rooms, *Counter(g.slot for g in held.values()).values()]),
        pinned=(
            *(Pin(m.a, m.v, m.slot, m.table) for m in meetings),
            *(pin for pin in problem.pinned if (pin.a, pin.v) not in past),
        ),
        forbidden=tuple(pair for pair in problem.forbidden if pair not in past),
        groups=tuple(
            _held(group, held.get(group.id), range(started, problem.slots)) for group in problem.groups
        ),
    )
    return _without_broken(left, {(m.a, m.v): m.slot for m in meetings})


def _without_broken(problem: Problem, past: Mapping[tuple[str, str], int]) -> Problem:
    """Without the limits that the past has broken already; equipment it used is not counted."""
    if not has_limits(problem):
        return problem
    over = {(limit.code, limit.name) for limit, _ in broken(problem, past)}
    return replace(
        problem,
        participants=tuple(
            replace(person, max_a_day=None) if ("max_a_day", person.id) in over else person
            for person in problem.participants
        ),
        quotas=tuple(replace(q, max=None) if ("quota", q.id) in over else q for q in problem.quotas),
        order=tuple(o for o in problem.order if not past.get(o.first, -1) >= past.get(o.then, 1 << 30)),
        candidates=tuple(replace(c, needs=()) if (c.a, c.v) in past else c for c in problem.candidates),
    )


def _from(person: Participant, busy: set[int], count: int, started: int, slots: int) -> Participant:
    present = range(slots) if person.avail is None else person.avail
    avail = tuple(sorted(busy | {slot for slot in present if slot >= started}))
    most = person.max if person.max is None else max(person.max, count)
    people = tuple(
        p if p.avail is None else replace(p, avail=tuple(sorted({*p.avail, *range(started)})))
        for p in person.people
    )
    return replace(person, avail=None if len(avail) == slots else avail, max=most, people=people)


def _rested(problem: Problem, person: Participant, busy: set[int]) -> Participant:
    """Without the rules of its day that the past has broken already."""
    broken = {rule for rule, slots, most in rests(problem, person) if len(busy.intersection(slots)) > most}
    default = Participant("", "")
    return replace(person, **{rule: getattr(default, rule) for rule in broken})


def _used(tables: tuple[int, ...], meetings: Iterable[Meeting]) -> tuple[int, ...]:
    """Tables enough for what was held."""
    counts, highest = Counter(m.slot for m in meetings), Counter[int]()
    for meeting in meetings:
        highest[meeting.slot] = max(highest[meeting.slot], 1 + (meeting.table or 0))
    return tuple(max(count, counts[t], highest[t]) for t, count in enumerate(tables))


def _held(group: Group, past: HeldGroup | None, future: range) -> Group:
    if past is None:
        slots = group.slots if group.slots is None else tuple(s for s in group.slots if s in future)
        return replace(group, slots=tuple(future) if slots is None and future.start else slots)
    worth = {seat.v: seat.w for seat in group.vendors}
    seats = tuple(Seat(v, worth.get(v, 0)) for v in past.vendors)
    return replace(group, vendors=seats, cap=len(seats), min=len(seats), slots=(past.slot,))
