"""Repairing the published schedule on the day: what was lost, what fills it, who moves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.schedules.planner.problems import Problem
from app.schedules.reports import Answer, Change, MovePolicy

if TYPE_CHECKING:
    from matching.scheduling import HeldGroup, Schedule
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling.repair import Repair


def repair(
    problem: Problem,
    published: Mapping[str, Any],
    *,
    started: int,
    moves: MovePolicy | None = None,
    time_limit_s: float = 10,
) -> Answer:
    """The published schedule made to fit the problem as it is now, with its changes. Slots before `started`
    stay as they were; without `moves` freed slots are filled, moving nobody, at once."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Schedule, explain
    from matching.scheduling.repair import repair as repair_schedule

    now = SchedulingProblem.from_json(problem)
    before = Schedule.from_json(published)
    found = repair_schedule(
        now,
        replace(before, groups=_possible_sessions(now, before)),
        (),
        started=started,
        allow_moves=moves is not None,
        price=0 if moves is None else moves.price,
        cap=None if moves is None else moves.cap,
        time_limit_s=time_limit_s,
    )
    found = replace(found, schedule=_proposed(found))
    left_out = explain(now, found.schedule.meetings, found.schedule.groups)
    old, new = _tables(before), _tables(found.schedule)
    changes = tuple(
        replace(change, tables=(old.get((change.a, change.v)), new.get((change.a, change.v))))
        for change in _changes(found) + _reseated(before, found.schedule)
    )
    schedule = replace(found.schedule, unplaced=left_out)
    return replace(Answer.from_json(schedule.to_json()), changes=changes)


def _possible_sessions(now: "SchedulingProblem", published: "Schedule") -> "tuple[HeldGroup, ...]":
    """A version has no sessions of its own: one agreed since, when someone has a meeting, is to be held."""
    busy = {(person, m.slot) for m in published.meetings for person in (m.a, m.v)}
    hosts = {group.id: group.ambassador for group in now.groups}
    return tuple(
        group
        for group in published.groups
        if not any((person, group.slot) in busy for person in (hosts[group.id], *group.vendors))
    )


def _proposed(found: "Repair") -> "Schedule":
    """Where imposed meetings stand in each other's way the organiser decides, from the best there is."""
    schedule = found.schedule
    return replace(schedule, status="feasible") if schedule.status == "infeasible" else schedule


def _tables(schedule: "Schedule") -> dict[tuple[str, str], int | None]:
    return {(meeting.a, meeting.v): meeting.table for meeting in schedule.meetings}


def _changes(found: "Repair") -> list[Change]:
    kinds = (("dropped", found.dropped), ("moved", found.moved), ("added", found.added))
    return [
        Change(kind, one.a, one.v, one.reason, one.origin, one.to, one.by)
        for kind, changes in kinds
        for one in changes
    ]


def _reseated(before: "Schedule", after: "Schedule") -> list[Change]:
    """Meetings that keep their slot and change table."""
    old = {(m.a, m.v, m.slot): m.table for m in before.meetings}
    return [
        Change("reseated", m.a, m.v, "another table", m.slot, m.slot)
        for m in after.meetings
        if old.get((m.a, m.v, m.slot), m.table) != m.table
    ]
