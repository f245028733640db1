"""Events ready to use in tests."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from app.accounts.models import Organisation
from app.content.queries import find_draft, working_content
from app.core.clock import now
from app.core.jobs import Job, JobState
from app.events import services
from app.events.enums import EventStatus, Side
from app.events.hours import zone_of
from app.events.models import Absence, Delegation, Event, Slot
from app.events.services import Settings, SlotSpec, publish_event, save_event
from app.events.spec import DELEGATION, EVENT, local
from app.matchmaking.models import MatchRun, Proposal
from app.meetings.enums import RequestState
from app.meetings.models import MeetingRequest
from app.needs.models import Need
from app.offers.models import Offer
from app.permissions import Actor
from app.schedules.enums import SolverStatus, VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.planner import build_problem
from app.schedules.queries.versions import next_version_number
from app.schedules.services.placing import Seat, note_changes, picture_of, placed
from app.schedules.services.planning import count_missing, slot_ids
from tests.factories import (
    events_office,
    make_administration,
    make_offer,
    make_vendor,
    saved,
    with_first_version,
)

FIRST_SLOT = datetime(2027, 3, 26, 8, 0, tzinfo=UTC)
_numbers = count(1)


def make_event(*, slots: int = 3, **values: Any) -> Event:
    """An open event at Bercy with `slots` slots of 20 minutes, from 9:00 in Paris."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "name": f"Rencontres {number}",
        "slug": f"rencontres-{number}",
        "place": "Bercy",
        "tables": 4,
        "rooms": 2,
        "status": EventStatus.OPEN,
    }
    event = Event(**{"organisation": events_office()} | defaults | values)
    for position in range(slots):
        starts_at = FIRST_SLOT + timedelta(minutes=25 * position)
        event.slots.append(Slot(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20)))
    if event.status is EventStatus.CLOSED:
        event.closed_at = now()
    event.version = 0 if event.status is EventStatus.DRAFT else 1
    saved(event)
    if event.version:
        with_first_version(EVENT, event)
    return event


def make_delegation(
    event: Event,
    side: Side,
    *,
    organisation: Organisation | None = None,
    away: tuple[int, ...] = (),
    **values: Any,
) -> Delegation:
    """`away` lists the positions of the slots where the delegation is absent."""
    if organisation is None:
        organisation = make_administration() if side is Side.ADMINISTRATION else make_vendor()
    delegation = Delegation(
        event_id=event.id, organisation_id=organisation.id, side=side, **{"max_meetings": 3} | values
    )
    delegation.absences = [
        Absence(starts_at=event.slots[position].starts_at, ends_at=event.slots[position].ends_at)
        for position in away
    ]
    return saved(delegation)


def make_pair(event: Event) -> tuple[Delegation, Delegation]:
    return make_delegation(event, Side.ADMINISTRATION), make_delegation(event, Side.VENDOR)


def make_request(administration: Delegation, vendor: Delegation, **values: Any) -> MeetingRequest:
    state = values.get("state", RequestState.PENDING)
    defaults: dict[str, Any] = {
        "event_id": administration.event_id,
        "administration": administration,
        "vendor": vendor,
        "requested_by": Side.ADMINISTRATION,
        "answered_at": None if state is RequestState.PENDING else now(),
    }
    return saved(MeetingRequest(**defaults | values))


def make_proposal(need: Need, offer: Offer, score: float, *, best: float | None = None) -> Proposal:
    """A run that proposes the offer, after another one of score `best` where that is given."""
    run = MatchRun(
        need=need, need_version=1, fingerprint="x", revision=0, parameters={}, exclusions={}, near_misses=[]
    )
    if best is not None:
        run.proposals.append(
            Proposal(offer=make_offer(), offer_version=1, rank=1, score=best, explanation={})
        )
    return saved(
        Proposal(run=run, offer=offer, offer_version=1, rank=2 if best else 1, score=score, explanation={})
    )


def make_version(
    event: Event, meetings: Sequence[tuple[Delegation, Delegation, int]], **values: Any
) -> ScheduleVersion:
    """A draft version of a finished run; a meeting is (administration, vendor, position of the slot)."""
    run = ScheduleRun(
        event_id=event.id,
        event_version=event.version or None,
        job=Job(kind="schedule", state=JobState.DONE, finished_at=now()),
        time_limit_s=1,
        problem=build_problem(event),
        slots=slot_ids(event),
    )
    version = ScheduleVersion(
        event_id=event.id,
        event_version=event.version or None,
        run=run,
        **{
            "number": next_version_number(event.id),
            "solver_status": SolverStatus.OPTIMAL,
            "objective": 100,
            "bound": 100,
            "gap": 0,
            "stored_unplaced": [],
        }
        | values,
    )
    seats = [
        Seat(a.id, v.id, event.slots[position], table) for table, (a, v, position) in enumerate(meetings)
    ]
    version.placements = placed(event, seats)
    count_missing(version, run.problem)
    return saved(version)


def make_published(event: Event, meetings: Sequence[tuple[Delegation, Delegation, int]]) -> ScheduleVersion:
    event.status = EventStatus.SCHEDULED
    version = make_version(
        event,
        meetings,
        state=VersionState.PUBLISHED,
        published_at=now(),
        frozen=picture_of(event).to_json(),
    )
    note_changes(None, version, now())
    return saved(version)


def edit_event(
    actor: Actor,
    event: Event,
    settings: Settings,
    *,
    held_on: date | None = None,
    confirmed: bool = False,
    note: str = "",
) -> None:
    """Write these settings and publish them, as an organiser does in two pages."""
    said = EVENT.load(working_content(EVENT, event)) | asdict(settings)
    until = local(settings.wishes_until, zone_of(settings.timezone))
    said |= {"wishes_until": until, "held_on": held_on or said["held_on"]}
    save_event(actor, event, EVENT.dump(said))
    publish_if_any(actor, event, confirmed=confirmed, note=note)


def set_slots(actor: Actor, event: Event, specs: Sequence[SlotSpec], *, confirmed: bool = False) -> None:
    """Write these slots and publish them."""
    services.set_slots(actor, event, specs)
    publish_if_any(actor, event, confirmed=confirmed)


def publish_if_any(actor: Actor, event: Event, *, confirmed: bool = False, note: str = "") -> None:
    if event.version and find_draft(EVENT, event) is not None:
        publish_event(actor, event, note=note, confirmed=confirmed)


def terms_of(delegation: Delegation, **changes: Any) -> dict[str, Any]:
    """The content of a delegation, some of it changed; `absences` as periods."""
    zone = delegation.event.zone
    if "absences" in changes:
        spans = changes["absences"]
        changes["absences"] = [(s.starts_at.astimezone(zone), s.ends_at.astimezone(zone)) for s in spans]
    return DELEGATION.dump(DELEGATION.load(DELEGATION.content_of(delegation)) | changes)
