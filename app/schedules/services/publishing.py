"""Comparing a version with the present, publishing it or throwing it away."""

from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import UNDER_WAY, EventStatus
from app.permissions import Actor, Permission, require
from app.schedules import planner
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleVersion
from app.schedules.queries.versions import find_published
from app.schedules.services.notices import announce_schedule
from app.schedules.services.planning import schedule_of
from app.schedules.services.repairs import outdated


def conflicts_of(version: ScheduleVersion) -> list[str]:
    """What stands against this version in the event as it is now (a delegation now away, a new session; for
    a repair, another schedule published or a slot begun since)."""
    event = version.event
    held = [(meeting.administration_id, meeting.vendor_id) for meeting in version.meetings]
    problem = planner.build_problem(event, held=held)
    found = planner.conflicts(
        problem, schedule_of(version, problem), planner.names_of(event), planner.hours_of(event)
    )
    return outdated(version) + found


def publish_schedule(actor: Actor, version: ScheduleVersion, *, agenda_url: str = "") -> None:
    """Make the version the schedule everyone sees, in place of the previous one, and tell each delegation
    whose day changes."""
    require(actor, Permission.EVENT_MANAGE, on=version.event)
    event = version.event
    if event.status not in UNDER_WAY:
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
    announce_schedule(event, agenda_url, only=None if previous is None else concerned(previous, version))


def concerned(before: ScheduleVersion, after: ScheduleVersion) -> set[int]:
    """Delegations whose meetings differ from one version to the other, in partner, slot or table."""
    places = [
        {(m.administration_id, m.vendor_id, m.slot_id, m.table) for m in version.meetings}
        for version in (before, after)
    ]
    return {person for place in places[0] ^ places[1] for person in place[:2]}


def discard_version(actor: Actor, version: ScheduleVersion) -> None:
    """Throw a draft away; its run stays."""
    require(actor, Permission.EVENT_MANAGE, on=version.event)
    if version.state is not VersionState.DRAFT:
        raise InvalidTransition(_("Cette version a été publiée : elle reste dans l’historique."))
    record(actor, "schedule.version_discarded", version, number=version.number)
    db.session.delete(version)
