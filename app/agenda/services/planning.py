"""Generating, comparing with the present, and publishing the schedule of an event."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from app.agenda import planner
from app.agenda.enums import EventStatus, SolverStatus, VersionState
from app.agenda.models import Event, Meeting, ScheduleRun, ScheduleVersion
from app.agenda.queries.events import delegations_of
from app.agenda.queries.schedules import (
    find_active_run,
    find_published,
    find_run,
    next_version_number,
    version_of_run,
)
from app.agenda.services.notices import announce_schedule
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.permissions import SYSTEM, Actor, Permission, require


def generate_schedule(
    actor: Actor, event: Event, *, time_limit_s: float = 60.0, seed: int = 0
) -> ScheduleRun:
    """Start a solver run in the background on the event as it is now; one at a time."""
    require(actor, Permission.EVENT_MANAGE)
    if event.status is EventStatus.CLOSED:
        raise InvalidTransition(_("Cet événement est clos."))
    if find_active_run(event.id) is not None:
        raise InvalidTransition(_("Un calcul est déjà en cours pour cet événement."))
    problem = planner.build_problem(event)
    planner.check_problem(problem, planner.names_of(event))
    job = enqueue("schedule", event_id=event.id)
    run = ScheduleRun(
        event=event,
        job=job,
        seed=seed,
        time_limit_s=time_limit_s,
        problem=problem,
        requested_by_id=actor.user_id,
    )
    db.session.add(run)
    flush_for_id()
    record(actor, "schedule.run_started", run, event_id=event.id)
    return run


def cancel_run(actor: Actor, run: ScheduleRun) -> None:
    """Ask the solver to stop; what it has found so far is kept as a draft version."""
    require(actor, Permission.EVENT_MANAGE)
    if not run.job.is_active:
        raise InvalidTransition(_("Ce calcul est déjà terminé."))
    run.job.cancel_requested = True
    record(actor, "schedule.run_cancelled", run)


def record_schedule(run_id: int, schedule: dict[str, Any]) -> ScheduleVersion:
    """Keep what the solver answered as the next draft version; a run done again adds none."""
    run = find_run(run_id)
    if run is None:
        raise NotFound
    existing = version_of_run(run_id)
    if existing is not None:
        return existing
    version = ScheduleVersion(
        event_id=run.event_id,
        run_id=run.id,
        number=next_version_number(run.event_id),
        solver_status=SolverStatus.OPTIMAL if schedule["status"] == "optimal" else SolverStatus.FEASIBLE,
        objective=schedule["objective"],
        bound=schedule["bound"],
        gap=schedule["gap"],
        unplaced=schedule["unplaced"],
        meetings=_meetings(run.event, schedule),
    )
    db.session.add(version)
    flush_for_id()
    record(SYSTEM, "schedule.version_made", version, number=version.number, meetings=len(version.meetings))
    return version


def conflicts_of(version: ScheduleVersion) -> list[str]:
    """What stands against this version in the event as it is now (a delegation now away, a new session)."""
    event = version.event
    held = [(meeting.administration_id, meeting.vendor_id) for meeting in version.meetings]
    problem = planner.build_problem(event, held=held)
    return planner.conflicts(problem, schedule_of(version, problem), planner.names_of(event))


def publish_schedule(actor: Actor, version: ScheduleVersion, *, agenda_url: str = "") -> None:
    """Make the version the schedule everyone sees, in place of the previous one, and tell each delegation."""
    require(actor, Permission.EVENT_MANAGE)
    event = version.event
    if event.status not in (EventStatus.OPEN, EventStatus.SCHEDULED):
        raise InvalidTransition(_("Ouvrez l’événement avant de publier son planning."))
    if version.state is VersionState.PUBLISHED:
        raise InvalidTransition(_("Cette version est déjà publiée."))
    conflicts = conflicts_of(version)
    if conflicts:
        raise RuleBroken(_("Cette version ne tient plus : %(why)s", why=" ".join(conflicts)))
    previous = find_published(event.id)
    if previous is not None:
        previous.state = VersionState.SUPERSEDED
    try:
        db.session.flush()  # the unique index allows one published version: the previous goes first
        version.state, version.published_at = VersionState.PUBLISHED, now()
        db.session.flush()  # another organiser may have published meanwhile: the index speaks now
    except IntegrityError as error:
        raise Conflict(_("Une autre version vient d’être publiée par une autre personne.")) from error
    event.status = EventStatus.SCHEDULED
    record(actor, "schedule.published", version, event_id=event.id, number=version.number)
    announce_schedule(event, agenda_url)


def schedule_of(version: ScheduleVersion, problem: dict[str, Any]) -> dict[str, Any]:
    """The version in the interchange format; its sessions are those of `problem`."""
    return {
        "meetings": [
            {
                "a": str(meeting.administration_id),
                "v": str(meeting.vendor_id),
                "slot": meeting.slot.position,
                "table": meeting.table,
            }
            for meeting in version.meetings
        ],
        "groups": planner.seats(problem),
        "objective": version.objective,
        "bound": version.bound,
        "gap": version.gap,
        "status": version.solver_status.value,
        "unplaced": version.unplaced,
    }


def _meetings(event: Event, schedule: dict[str, Any]) -> list[Meeting]:
    slots = {slot.position: slot for slot in event.slots}
    present = {delegation.id for delegation in delegations_of(event.id)}
    meetings = []
    for meeting in planner.with_tables(schedule["meetings"]):
        pair = int(meeting["a"]), int(meeting["v"])
        if meeting["slot"] not in slots or not present.issuperset(pair):
            raise RuleBroken(
                _("Les créneaux ou les délégations ont changé pendant le calcul : lancez-le de nouveau.")
            )
        meetings.append(
            Meeting(
                slot=slots[meeting["slot"]],
                administration_id=pair[0],
                vendor_id=pair[1],
                table=meeting["table"],
            )
        )
    return meetings
