"""A published meeting that a side wants no more: its slot is free at once, and the organisers replace it."""

from collections.abc import Callable

from app.accounts.queries import readers_of
from app.audit.services import record
from app.core.clock import now
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.events.models import Event
from app.events.wording import moment_text
from app.meetings.models import MeetingRequest
from app.meetings.services import refuse_meeting
from app.outbox.services import Reader, send_mail
from app.permissions import SYSTEM, Actor, Permission, Role, require_visible
from app.schedules.models import Placement
from app.schedules.queries.versions import find_placed, find_placement, get_sides
from app.schedules.services.placing import withdraw


def free_slot(request: MeetingRequest) -> Callable[[], str] | None:
    """Withdraw the meeting of a wish from the published schedule, and tell the organisers. Answers what to
    tell the other side; None where no meeting to come was published."""
    placement = find_placed(request.administration_id, request.vendor_id)
    if placement is None or placement.starts_at <= now():
        return None
    withdraw(placement.meeting, now())
    record(SYSTEM, "meeting.withdrawn_published", placement.meeting, event_id=request.event_id)
    _tell_organisers(request.event, placement)
    return lambda: _(
        "Le rendez-vous prévu n’aura pas lieu : %(when)s, table %(n)d, %(place)s. Ce créneau est libre.",
        when=_when(placement),
        n=placement.table + 1,
        place=request.event.place,
    )


def refuse_placed(actor: Actor, meeting_id: int, delegation_id: int, *, message: str = "") -> None:
    """A delegation refuses a meeting of the published schedule, whoever had asked for it, or nobody: its slot
    is free, the other side and the organisers are told, and no schedule places it again unasked."""
    placement_to_refuse(actor, meeting_id, delegation_id)
    mine, other = get_sides(meeting_id, delegation_id)
    refuse_meeting(actor, mine.event, by=mine, other=other, message=message)


def placement_to_refuse(actor: Actor, meeting_id: int, delegation_id: int) -> Placement:
    """Where the published schedule holds a meeting that this delegation may still refuse."""
    require_visible(actor, Permission.MEETING_ANSWER, on=get_sides(meeting_id, delegation_id)[0])
    placement = find_placement(meeting_id)
    if placement is None or placement.starts_at <= now():
        raise InvalidTransition(_("Ce rendez-vous n’est plus à venir : il n’y a rien à refuser."))
    return placement


def organisers_of(event: Event) -> list[Reader]:
    """The team of the event, or the organisers of its organisation where it has none."""
    team = [Reader(member.user.email, member.user.language) for member in event.team if member.user.is_active]
    return team or readers_of(event.organisation_id, Role.ORGANISER)


def _tell_organisers(event: Event, placement: Placement) -> None:
    pair = f"{placement.administration_name} – {placement.vendor_name}"
    send_mail(
        to=organisers_of(event),
        subject=lambda: _("Un rendez-vous publié est retiré : %(pair)s", pair=pair),
        body=lambda: _(
            "%(pair)s ne se rencontreront pas (%(event)s) : %(when)s, table %(n)d.\n\n"
            "Les deux parties le savent. Comblez le créneau libéré depuis la page « Jour J » de l’événement.",
            pair=pair,
            event=event.name,
            when=_when(placement),
            n=placement.table + 1,
        ),
        about="meeting.withdrawn",
        event_id=event.id,
    )


def _when(placement: Placement) -> str:
    told = placement.version.told
    zone = told.timezone if told is not None else "Europe/Paris"
    return moment_text(placement.starts_at, placement.ends_at, zone)
