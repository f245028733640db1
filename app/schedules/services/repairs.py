"""Repairing the published schedule on the day: fill what is freed at once, or move meetings at a price."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.core.jobs import Job, JobState, enqueue
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.queries.days import started_slots
from app.permissions import Actor, Permission, require
from app.schedules import planner
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.queries.versions import REPAIR, find_published, find_published_with_meetings, get_version
from app.schedules.reports import Answer, MovePolicy, RepairAsked, as_json
from app.schedules.services.planning import (
    record_schedule,
    require_no_run,
    require_solvable,
    schedule_of,
    slot_ids,
)


def fill_freed_slots(actor: Actor, event: Event) -> ScheduleVersion:
    """Propose, at once, a draft that fills what is freed and moves nobody."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    done = Job(kind=REPAIR, state=JobState.DONE, finished_at=now())  # quick enough to need no worker
    run = _start(actor, event, done, None, time_limit_s=1)
    version = record_schedule(run.id, repair_inputs(run).repaired())
    assert version is not None  # noqa: S101 - a repair is never infeasible
    return version


def repair_with_moves(
    actor: Actor, event: Event, moves: MovePolicy, *, time_limit_s: float = 10
) -> ScheduleRun:
    """Look in the background for the best schedule at a price per moved meeting."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    return _start(actor, event, enqueue(REPAIR, event_id=event.id), moves, time_limit_s=time_limit_s)


@dataclass(frozen=True, slots=True)
class RepairInputs:
    """What a repair is given, read before it works, so that no transaction stays open meanwhile."""

    problem: planner.Problem
    published: dict[str, Any]
    asked: RepairAsked
    time_limit_s: float

    def repaired(self) -> Answer:
        return planner.repair(
            self.problem,
            self.published,
            started=self.asked.started,
            moves=self.asked.moves,
            time_limit_s=self.time_limit_s,
        )


def repair_inputs(run: ScheduleRun) -> RepairInputs:
    asked = run.asked.repair
    if asked is None:
        raise LookupError(f"run {run.id} is no repair")
    base = get_version(run.event_id, asked.base)
    return RepairInputs(run.problem, schedule_of(base, run.problem, run.slots), asked, run.time_limit_s)


def outdated(version: ScheduleVersion) -> list[str]:
    """Why a repair was overtaken, in French: another version published, or a slot it changes begun."""
    asked = version.run.asked.repair if version.run is not None else None
    published = find_published(version.event_id) if asked else None
    if asked is None or published is None or published.id == version.id:
        return []
    if published.number != asked.base:
        return [_("Une autre version a été publiée depuis cette proposition : demandez-en une nouvelle.")]
    known = set(version.run.slots[: asked.started]) if version.run is not None else set()
    begun = set(slot_ids(version.event)[: started_slots(version.event)]) - known
    if _at(published, begun) != _at(version, begun):
        return [_("Un créneau que cette proposition change a commencé : demandez-en une nouvelle.")]
    return []


def _start(
    actor: Actor, event: Event, job: Job, moves: MovePolicy | None, *, time_limit_s: float
) -> ScheduleRun:
    require_allowed(event, Act.REPAIR)
    require_no_run(event)
    published = find_published_with_meetings(event.id)
    started = started_slots(event)
    if published is None:
        raise InvalidTransition(_("Publiez d’abord un planning : il n’y a rien à réparer."))
    if started == len(event.slots):
        raise InvalidTransition(_("Tous les créneaux ont commencé : plus rien ne peut changer."))
    held = [item.pair for item in published.placements if item.meeting.withdrawn_at is None]
    problem = planner.build_problem(event, held=held)
    require_solvable(event, problem)
    asked = RepairAsked(started, published.number, moves)
    run = ScheduleRun(
        event=event,
        event_version=event.version or None,
        job=job,
        time_limit_s=time_limit_s,
        problem=problem,
        slots=slot_ids(event),
        stored_options={"repair": as_json(asked)},
        requested_by_id=actor.user_id,
    )
    db.session.add(run)
    flush_for_id()
    record(actor, "schedule.repair_asked", run, event_id=event.id, moves=moves is not None)
    return run


def _at(version: ScheduleVersion, begun: Collection[int]) -> set[tuple[int, int, int]]:
    return {(*item.pair, item.slot_id) for item in version.placements if item.slot_id in begun}
