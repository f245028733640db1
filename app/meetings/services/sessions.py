"""Ambassador-led sessions: one host, one slot, one room, several invited vendors."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from app.accounts.queries import readers_of
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import EventStatus, Side
from app.events.models import Delegation, Event, Slot
from app.events.queries.delegations import absences_at
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession, Invitation
from app.meetings.queries.sessions import sessions_of
from app.outbox.services import send_mail
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
    _require_open(event)
    _check(event, host, slot, room, vendors)
    session = GroupSession(
        event_id=event.id,
        host_id=host.id,
        slot_id=slot.id,
        theme=theme,
        description=description,
        room=room,
        capacity=capacity,
        invitations=[Invitation(vendor_id=vendor.id) for vendor in vendors],
    )
    _save(session)
    record(actor, "session.led", session, theme=theme, invited=len(vendors))
    for vendor in vendors:
        _invite(session, vendor)
    return session


def answer_invitation(actor: Actor, invitation: Invitation, *, accept: bool) -> None:
    """A vendor accepts or declines, and may change its mind while there is room."""
    vendor, session = invitation.vendor, invitation.session
    require_visible(actor, Permission.SESSION_ANSWER, on=vendor)
    _require_open(session.event)
    if accept and invitation.state is not InvitationState.ACCEPTED:
        _check_seat(session, vendor)
    invitation.state = InvitationState.ACCEPTED if accept else InvitationState.DECLINED
    invitation.answered_at = now()
    record(actor, "session.answered", session, vendor_id=vendor.id, state=invitation.state.value)


def cancel_session(actor: Actor, session: GroupSession) -> None:
    """Give the session up and tell those who had accepted."""
    require_visible(actor, Permission.SESSION_LEAD, on=session.host)
    _require_open(session.event)
    for invitation in session.invitations:
        if invitation.state is InvitationState.ACCEPTED:
            send_mail(
                to=readers_of(invitation.vendor.organisation_id),
                subject=lambda: _("Session annulée : %(theme)s", theme=session.theme),
                body=lambda: _("La session « %(theme)s » n’aura pas lieu.", theme=session.theme),
                about="session.cancelled",
                event_id=session.event_id,
            )
    record(actor, "session.cancelled", session, theme=session.theme)
    db.session.delete(session)


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
    absent = absences_at(event.id, slot.id)
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
    if vendor.id in absences_at(session.event_id, session.slot_id):
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


def _invite(session: GroupSession, vendor: Delegation) -> None:
    send_mail(
        to=readers_of(vendor.organisation_id),
        subject=lambda: _("Invitation à une session : %(theme)s", theme=session.theme),
        body=lambda: _(
            "%(host)s vous invite à la session « %(theme)s » (%(event)s).\n\n"
            "Acceptez ou déclinez depuis la page « Rencontres » du portail.",
            host=session.host.organisation.name,
            theme=session.theme,
            event=session.event.name,
        ),
        about="session.invited",
        event_id=session.event_id,
    )


def _require_open(event: Event) -> None:
    if event.status is EventStatus.CLOSED:
        raise InvalidTransition(_("Cet événement est clos."))
