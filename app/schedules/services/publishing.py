"""Comparing a version with the present, publishing it, following its event, or throwing it away."""

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, hold, rollback, writing
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import LIVE, EventStatus
from app.events.hours import Period
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.signals import EventFacts
from app.meetings.services import move_sessions
from app.outbox.services import Letter, previewed
from app.permissions import SYSTEM, Actor, Permission, require
from app.schedules import planner
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleVersion
from app.schedules.queries.agendas import agenda_of_event
from app.schedules.queries.versions import (
    drafts_of,
    find_published_with_meetings,
    get_version,
    next_version_number,
    published_number,
)
from app.schedules.services.notices import told_before, write_changes, write_first_days
from app.schedules.services.placing import carried_over, follow_slots, note_changes, picture_of
from app.schedules.services.planning import count_missing, schedule_of, slot_ids
from app.schedules.services.repairs import outdated
from app.schedules.wording import fault_texts


def conflicts_of(version: ScheduleVersion) -> list[str]:
    """What stands against this version in the event as it is now (a delegation now away, a new session; for
    a repair, another schedule published or a slot begun since)."""
    event = version.event
    problem = planner.build_problem(event, held=[placement.pair for placement in version.placements])
    schedule = schedule_of(version, problem, slot_ids(event))
    faults = planner.schedule_faults(problem, schedule)
    return outdated(version) + fault_texts(faults, planner.names_of(event), planner.hours_of(event))


def publish_schedule(
    actor: Actor, version: ScheduleVersion, *, agenda_url: str = "", replaced: int | None = None
) -> None:
    """Make the version the schedule everyone sees, in place of the previous one, and tell each delegation
    whose day changes. `replaced`: the number of the one that was public when the person decided, 0 for none;
    None asks nothing."""
    require(actor, Permission.EVENT_MANAGE, on=version.event)
    event = version.event
    for row in (event, version):
        hold(row)
    require_allowed(event, Act.PUBLISH)
    if version.state is VersionState.PUBLISHED:
        raise InvalidTransition(_("Cette version est déjà publiée."))
    if replaced is not None and replaced != published_number(event.id):
        raise Conflict(_overtaken())
    conflicts = conflicts_of(version)
    if conflicts:
        raise RuleBroken(_("Cette version ne tient plus : %(why)s", why=" ".join(conflicts)))
    if version.state is VersionState.SUPERSEDED:  # what was published is frozen: it comes back as another
        version = _derived(event, version)
    before, previous = agenda_of_event(event.id), find_published_with_meetings(event.id)
    _put_in_place(version, previous)
    event.status = EventStatus.SCHEDULED
    record(actor, "schedule.published", version, event_id=event.id, number=version.number)
    if previous is None:
        write_first_days(event, agenda_of_event(event.id), agenda_url)
    else:
        write_changes(event, before, agenda_of_event(event.id), agenda_url)


def letters_of_publication(actor: Actor, version: ScheduleVersion, *, agenda_url: str = "") -> list[Letter]:
    """What publishing now would write, and to whom: published for real, then undone."""
    event_id, number = version.event_id, version.number
    rollback()
    with writing(), previewed() as letters:
        try:
            with suppress(InvalidTransition):  # not now, for a reason that publishing will say
                publish_schedule(actor, get_version(event_id, number), agenda_url=agenda_url)
        finally:
            rollback()
    return letters


def follow_event(
    event: Event, before: EventFacts, absences: Mapping[int, tuple[Period, ...]], agenda_url: str
) -> None:
    """After a change of hours or place: sessions and drafts follow their slots, what is published is
    published anew, and people read what was beside what is, and when they are away now."""
    agendas = told_before(agenda_of_event(event.id), before)
    move_sessions(event, moved_place=(event.place, event.timezone) != (before.place, before.timezone))
    for draft in drafts_of(event.id):
        follow_slots(event, draft.placements)
    published = find_published_with_meetings(event.id)
    if published is not None:
        version = _derived(event, published)
        _put_in_place(version, published)
        record(SYSTEM, "schedule.followed", version, event_id=event.id, number=version.number)
    if event.status in LIVE:
        write_changes(event, agendas, agenda_of_event(event.id), agenda_url, before=before, absences=absences)


def discard_version(actor: Actor, version: ScheduleVersion) -> None:
    """Throw a draft away; its run stays."""
    require(actor, Permission.EVENT_MANAGE, on=version.event)
    if version.state is not VersionState.DRAFT:
        raise InvalidTransition(_("Cette version a été publiée : elle reste dans l’historique."))
    record(actor, "schedule.version_discarded", version, number=version.number)
    db.session.delete(version)


def _put_in_place(version: ScheduleVersion, previous: ScheduleVersion | None) -> None:
    moment = now()
    follow_slots(version.event, version.placements)
    try:
        if previous is not None:
            previous.state = VersionState.SUPERSEDED
        db.session.flush()  # the unique index allows one published version: the previous goes first
        note_changes(previous, version, moment)
        version.frozen = picture_of(version.event).to_json()
        version.state, version.published_at = VersionState.PUBLISHED, moment
        db.session.flush()  # another organiser may have published meanwhile: the index speaks now
    except IntegrityError as error:
        raise Conflict(_overtaken()) from error


def _overtaken() -> str:
    return _("Une autre version vient d’être publiée par une autre personne.")


def _derived(event: Event, version: ScheduleVersion) -> ScheduleVersion:
    """A draft of the same meetings, at the hours their slots have now."""
    draft = ScheduleVersion(
        event=event,
        event_version=event.version or None,
        derived_from=version,
        number=next_version_number(event.id),
        solver_status=version.solver_status,
        objective=version.objective,
        bound=version.bound,
        gap=version.gap,
        stored_unplaced=version.stored_unplaced,
        placements=carried_over(event, version),
    )
    db.session.add(draft)
    if version.computed_by is not None:
        _count_again(draft, version, version.computed_by.problem)
    db.session.flush()
    return draft


def _count_again(draft: ScheduleVersion, version: ScheduleVersion, problem: planner.Problem) -> None:
    """The value without the meetings withdrawn since."""
    kept = {item.meeting_id for item in draft.placements} | {item.meeting.id for item in draft.placements}
    lost = {item.pair for item in version.placements if item.meeting_id not in kept}
    values = {(int(one["a"]), int(one["v"])): one["w"] for one in problem["candidates"]}
    count_missing(draft, problem)
    draft.objective -= sum(values.get(pair, 0) for pair in lost) + draft.shortfall - version.shortfall
