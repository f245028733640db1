"""Generating the schedule of an event, and keeping what the solver answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.enums import SMALL_SIZES
from app.accounts.models import Organisation
from app.audit.services import record
from app.core.db import db, flush_for_id, hold
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.core.jobs import enqueue
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.queries.delegations import delegations_of
from app.permissions import SYSTEM, Actor, Permission, require
from app.schedules import planner
from app.schedules.enums import SolverStatus
from app.schedules.models import Placement, ScheduleRun, ScheduleVersion
from app.schedules.queries.versions import (
    find_active_run,
    find_published,
    find_run,
    next_version_number,
    version_of_run,
)
from app.schedules.reports import Answer, RunOptions, as_json
from app.schedules.services.placing import Seat, placed
from app.schedules.wording import fault_texts


def generate_schedule(
    actor: Actor,
    event: Event,
    *,
    time_limit_s: float = 60.0,
    seed: int = 0,
    options: RunOptions = RunOptions(),  # noqa: B008 - frozen
) -> ScheduleRun:
    """Start a solver run in the background on the event as it is now; one at a time."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.PLAN)
    require_no_run(event)
    problem = planner.build_problem(event)
    require_solvable(event, problem)
    run = ScheduleRun(
        event=event,
        event_version=event.version or None,
        job=enqueue("schedule", event_id=event.id),
        seed=seed,
        time_limit_s=time_limit_s,
        problem=problem,
        slots=slot_ids(event),
        stored_options=as_json(options),
        requested_by_id=actor.user_id,
    )
    db.session.add(run)
    flush_for_id()
    record(actor, "schedule.run_started", run, event_id=event.id)
    return run


def require_no_run(event: Event) -> None:
    """Raise InvalidTransition while a run works on the event, or is being started."""
    hold(event)
    if find_active_run(event.id) is not None:
        raise InvalidTransition(_("Un calcul est déjà en cours pour cet événement."))


def require_solvable(event: Event, problem: planner.Problem) -> None:
    """Raise RuleBroken with everything that makes the problem impossible to solve."""
    if not problem["slots"]:
        raise RuleBroken(_("Créez d’abord les créneaux de la journée."))
    if not problem["candidates"]:
        raise RuleBroken(_("Aucune rencontre n’est demandée ni proposée : il n’y a rien à planifier."))
    faults = planner.problem_faults(problem)
    if faults:
        raise RuleBroken(" ".join(fault_texts(faults, planner.names_of(event), planner.hours_of(event))))


@dataclass(frozen=True, slots=True)
class SolverInputs:
    """What the solver is given beside the problem; `previous`: the published schedule to start from."""

    options: RunOptions
    previous: dict[str, Any] | None
    smes: tuple[str, ...]


def solver_inputs(run: ScheduleRun) -> SolverInputs:
    options = run.asked
    published = find_published(run.event_id) if options.keep_published else None
    smes = tuple(str(item.id) for item in delegations_of(run.event_id) if is_sme(item.organisation))
    previous = None if published is None else schedule_of(published, run.problem, run.slots)
    return SolverInputs(options, previous, smes)


def is_sme(organisation: Organisation) -> bool:
    """European definition: microenterprises are SMEs too."""
    return organisation.vendor_size in SMALL_SIZES


def cancel_run(actor: Actor, run: ScheduleRun) -> None:
    """Ask the solver to stop; what it has found so far is kept as a draft version."""
    require(actor, Permission.EVENT_MANAGE, on=run.event)
    if not run.job.is_active:
        raise InvalidTransition(_("Ce calcul est déjà terminé."))
    run.job.cancel_requested = True
    record(actor, "schedule.run_cancelled", run)


def record_schedule(run_id: int, answer: Answer) -> ScheduleVersion | None:
    """Keep what the solver answered as the next draft version; a run done again adds none, nor does one that
    could not hold the pinned meetings and sessions: its report says why."""
    run = find_run(run_id)
    if run is None:
        raise NotFound
    existing = version_of_run(run_id)
    if existing is not None:
        return existing
    run.stored_report = as_json(answer.report)
    if answer.problem is not None:
        run.problem = answer.problem
    if answer.is_infeasible:
        return None
    version = ScheduleVersion(
        event_id=run.event_id,
        run_id=run.id,
        event_version=run.event_version,
        number=next_version_number(run.event_id),
        solver_status=SolverStatus.OPTIMAL if answer.is_optimal else SolverStatus.FEASIBLE,
        objective=answer.objective,
        bound=answer.bound,
        gap=answer.gap,
        stored_unplaced=as_json(answer.unplaced),
        placements=_placements(run, answer),
    )
    count_missing(version, run.problem)
    db.session.add(version)
    flush_for_id()
    record(SYSTEM, "schedule.version_made", version, number=version.number, meetings=len(version.placements))
    return version


def slot_ids(event: Event) -> list[int]:
    """Identifiers of the slots, in the order in which a problem numbers them."""
    return [slot.id for slot in event.slots]


def schedule_of(version: ScheduleVersion, problem: planner.Problem, slots: Sequence[int]) -> dict[str, Any]:
    """The version in the interchange format, its slots numbered as in `slots`; its sessions are those of
    `problem`. A meeting at a slot that is gone is at a number that no slot has."""
    numbers = {slot_id: number for number, slot_id in enumerate(slots)}
    return {
        "meetings": [
            {
                "a": str(placement.administration_id),
                "v": str(placement.vendor_id),
                "slot": numbers.get(placement.slot_id, len(slots)),
                "table": placement.table,
            }
            for placement in version.placements
        ],
        "groups": planner.seats(problem),
        "objective": version.objective,
        "bound": version.bound,
        "gap": version.gap,
        "status": version.solver_status.value,
        "unplaced": version.stored_unplaced,
    }


def count_missing(version: ScheduleVersion, problem: planner.Problem) -> None:
    """Tell what minimums ask for and the version lacks apart from the value of the meetings it holds."""
    pairs = [(item.meeting.administration_id, item.meeting.vendor_id) for item in version.placements]
    version.missing = planner.missing_meetings(problem, pairs)
    version.shortfall = version.missing * problem["shortfall_penalty"]


def _placements(run: ScheduleRun, answer: Answer) -> list[Placement]:
    slots = {slot.id: slot for slot in run.event.slots}
    present = {delegation.id for delegation in delegations_of(run.event_id)}
    seats = []
    for meeting, table in planner.with_tables(answer.meetings):
        pair, slot_id = (int(meeting.a), int(meeting.v)), run.slots[meeting.slot]
        if slot_id not in slots or not present.issuperset(pair):
            raise RuleBroken(
                _("Les créneaux ou les délégations ont changé pendant le calcul : lancez-le de nouveau.")
            )
        seats.append(Seat(*pair, slots[slot_id], table))
    return placed(run.event, seats)
