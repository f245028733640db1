"""Ambassador-led sessions: one host, one slot, one room, several invited vendors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.lifecycle import Act, require_allowed
from app.events.models import Delegation, Event, Slot
from app.events.queries.delegations import away_during
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession, Invitation
from app.meetings.queries.sessions import sessions_cancelled_at, sessions_of
from app.meetings.services.notices import tell_cancelled, tell_host, tell_invited
from app.permissions import Actor, Permission, require_visible


def lead_session(
    actor: Actor,
    event: Event,
    *,
    host: Delegation,
    slot: Slot,
    theme: str,
    room: int,
    capacity: int,
    vendors: Sequence[Delegation] = (),
    description: str = "",
) -> GroupSession:
    """Hold a session and invite vendors, who accept or decline. `room` is 0-based."""
    require_visible(actor, Permission.SESSION_LEAD, on=host)
    _require_open(event, slot.starts_at)
    _check(event, host, slot, room, vendors)
    session = GroupSession(
        event_id=event.id,
        host_id=host.id,
        slot_id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        theme=theme,
        description=description,
        room=room,
        capacity=capacity,
        invitations=[Invitation(vendor_id=vendor.id) for vendor in vendors],
    )
    _save(session)
    record(actor, "session.led", session, theme=theme, invited=len(vendors))
    for vendor in vendors:
        tell_invited(session, vendor)
    return session


def answer_invitation(actor: Actor, invitation: Invitation, *, accept: bool) -> None:
    """A vendor accepts or declines, and may change its mind while there is room."""
    vendor, session = invitation.vendor, invitation.session
    require_visible(actor, Permission.SESSION_ANSWER, on=vendor)
    _require_open(session.event, session.starts_at)
    if session.cancelled_at is not None:
        raise InvalidTransition(_("Cette session est annulée."))
    if accept and invitation.state is not InvitationState.ACCEPTED:
        _check_seat(session, vendor)
    if invitation.was_accepted:
        invitation.sequence += 1  # calendars saw it before
    invitation.state = InvitationState.ACCEPTED if accept else InvitationState.DECLINED
    invitation.was_accepted = invitation.was_accepted or accept
    invitation.answered_at = invitation.changed_at = now()
    record(actor, "session.answered", session, vendor_id=vendor.id, state=invitation.state.value)
    tell_host(session, vendor, accept=accept)


def cancel_session(actor: Actor, session: GroupSession) -> None:
    """Give the session up and tell those who had accepted."""
    require_visible(actor, Permission.SESSION_LEAD, on=session.host)
    _require_open(session.event, session.starts_at)
    session.cancelled_at = session.changed_at = now()
    session.sequence += 1
    record(actor, "session.cancelled", session, theme=session.theme)
    tell_cancelled(session)


def move_sessions(event: Event, *, moved_place: bool) -> None:
    """Give the sessions the hours their slots have now, and let calendars know what changed for them."""
    slots = {slot.id: slot.period for slot in event.slots}
    for session in sessions_of(event.id):
        period = slots[session.slot_id or 0]
        if moved_place or period != session.period:
            session.starts_at, session.ends_at = period.starts_at, period.ends_at
            session.sequence, session.changed_at = session.sequence + 1, now()


def suspend_sessions(event: Event, moment: datetime) -> None:
    """Cancel what has not begun, for the event is closed at that moment."""
    for session in sessions_of(event.id):
        if session.starts_at > moment:
            session.cancelled_at = session.changed_at = moment
            session.sequence += 1


def resume_sessions(event: Event, closed_at: datetime) -> None:
    """Hold again what the closing had cancelled and is still to come."""
    for session in sessions_cancelled_at(event.id, closed_at):
        if session.starts_at > now():
            session.cancelled_at, session.changed_at = None, now()
            session.sequence += 1


def accepted_count(session: GroupSession) -> int:
    return sum(invitation.state is InvitationState.ACCEPTED for invitation in session.invitations)


def _check(event: Event, host: Delegation, slot: Slot, room: int, vendors: Sequence[Delegation]) -> None:
    if host.event_id != event.id or host.side is not Side.ADMINISTRATION:
        raise RuleBroken(fields={"host": _("Une session est menée par une administration de l’événement.")})
    if slot.event_id != event.id:
        raise RuleBroken(fields={"slot": _("Choisissez un créneau de l’événement.")})
    if not 0 <= room < event.rooms:
        raise RuleBroken(fields={"room": _("Choisissez une salle de l’événement.")})
    if any(vendor.event_id != event.id or vendor.side is not Side.VENDOR for vendor in vendors):
        raise RuleBroken(fields={"vendors": _("N’invitez que des éditeurs qui participent à l’événement.")})
    absent = away_during(event.id, slot.period)
    if host.id in absent:
        raise RuleBroken(fields={"slot": _("L’administration est indisponible à ce créneau.")})
    for other in sessions_of(event.id):
        if other.slot_id == slot.id and other.room == room:
            raise RuleBroken(fields={"room": _("Cette salle est déjà prise à ce créneau.")})
        if other.slot_id == slot.id and other.host_id == host.id:
            raise RuleBroken(fields={"slot": _("L’administration mène déjà une session à ce créneau.")})


def _check_seat(session: GroupSession, vendor: Delegation) -> None:
    if accepted_count(session) >= session.capacity:
        raise RuleBroken(_("Cette session est complète."))
    if vendor.id in away_during(session.event_id, session.period):
        raise RuleBroken(_("Votre délégation est indisponible à ce créneau."))
    for other in sessions_of(session.event_id):
        if other.id == session.id or other.slot_id != session.slot_id:
            continue
        if any(i.vendor_id == vendor.id and i.state is InvitationState.ACCEPTED for i in other.invitations):
            raise RuleBroken(
                _(
                    "Vous avez déjà accepté une autre session au même créneau : « %(theme)s ».",
                    theme=other.theme,
                )
            )


def _save(session: GroupSession) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(session)
            flush_for_id()
    except IntegrityError as error:  # another request took the room meanwhile
        raise RuleBroken(fields={"room": _("Cette salle est déjà prise à ce créneau.")}) from error


def _require_open(event: Event, starts_at: datetime) -> None:
    require_allowed(event, Act.SESSION)
    if starts_at <= now():
        raise InvalidTransition(_("Ce créneau a commencé : plus rien n’y change."))
