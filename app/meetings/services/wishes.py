"""Wishes for one-to-one meetings."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from app.accounts.queries import readers_of
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id, hold
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.lifecycle import Act, require_allowed
from app.events.models import Delegation, Event
from app.meetings.enums import RequestState
from app.meetings.models import MeetingRequest
from app.meetings.queries.wishes import find_request
from app.meetings.signals import meeting_refused
from app.needs.models import Need
from app.offers.models import Offer
from app.outbox.services import send_mail
from app.permissions import Actor, Permission, require_visible


def request_meeting(
    actor: Actor,
    event: Event,
    *,
    administration: Delegation,
    vendor: Delegation,
    requested_by: Side,
    need: Need | None = None,
    offer: Offer | None = None,
    message: str = "",
    match_score: float | None = None,
) -> MeetingRequest:
    """Ask for a meeting on behalf of one side. When the other side had asked first, this accepts it."""
    asking = administration if requested_by is Side.ADMINISTRATION else vendor
    require_visible(actor, Permission.MEETING_REQUEST, on=asking)
    require_allowed(event, Act.WISH)
    check_pair(event, administration, vendor)
    existing = find_request(administration.id, vendor.id)
    if existing is not None:
        return _meet_halfway(actor, existing, requested_by, message)
    request = MeetingRequest(
        event_id=event.id,
        administration=administration,
        vendor=vendor,
        requested_by=requested_by,
        need_id=need.id if need else None,
        offer_id=offer.id if offer else None,
        message=message,
        match_score=match_score,
    )
    try:
        with db.session.begin_nested():
            db.session.add(request)
            flush_for_id()
    except IntegrityError:  # asked for at this instant, by a colleague or by the other side
        existing = find_request(administration.id, vendor.id)
        if existing is None:
            raise
        return _meet_halfway(actor, existing, requested_by, message)
    _asked(actor, request)
    return request


def answer_request(
    actor: Actor,
    request: MeetingRequest,
    *,
    accept: bool,
    message: str = "",
    seen: RequestState | None = None,
) -> None:
    """The other side accepts (the wish is then mutual) or declines, with a word; it may change its mind.

    `seen`: the state that the person answers to; a colleague may have answered since."""
    require_visible(actor, Permission.MEETING_ANSWER, on=request.asked)
    require_allowed(request.event, Act.ANSWER)
    hold(request)
    if request.state is RequestState.WITHDRAWN:
        raise InvalidTransition(_("Cette demande est retirée : plus rien n’est demandé."))
    answered = RequestState.ACCEPTED if accept else RequestState.DECLINED
    if request.state is answered:
        raise InvalidTransition(_("Vous avez déjà donné cette réponse."))
    if seen is not None and request.state is not seen:
        raise InvalidTransition(_("Une autre personne a déjà répondu autrement : relisez sa réponse."))
    request.state = answered
    request.answer, request.answered_at = message, now()
    record(actor, "meeting.answered", request, state=request.state.value)
    name, event_name = request.asked.organisation.name, request.event.name

    def subject() -> str:
        if accept:
            return _("%(who)s accepte de vous rencontrer", who=name)
        return _("%(who)s ne peut pas vous rencontrer", who=name)

    lost = None if accept else refused(request)
    _tell(request.asking, subject, lambda: _letter(f"{subject()} ({event_name}).", lost, message))


def withdraw_request(actor: Actor, request: MeetingRequest, *, message: str = "") -> None:
    """The side that asked takes its wish back, accepted or not, with a word. Once it was accepted or placed
    the wish stays, refused: no schedule places it again, and only who asked may ask again."""
    require_visible(actor, Permission.MEETING_REQUEST, on=request.asking)
    require_allowed(request.event, Act.ANSWER)
    hold(request)
    if request.is_refused:
        raise InvalidTransition(_("Cette demande n’a plus cours : il n’y a rien à retirer."))
    record(actor, "meeting.withdrawn", request, message=request.message)
    name, event_name = request.asking.organisation.name, request.event.name

    def subject() -> str:
        return _("%(who)s retire sa demande de rencontre", who=name)

    lost = refused(request)
    _tell(request.asked, subject, lambda: _letter(f"{subject()} ({event_name}).", lost, message))
    if lost is None and request.state is RequestState.PENDING:
        db.session.delete(request)
    else:
        _take_back(request, message)


def refuse_meeting(actor: Actor, event: Event, *, by: Delegation, other: Delegation, message: str) -> None:
    """One side wants no meeting with the other, whoever had asked for it, or nobody: a schedule may have
    placed it without a wish, or against a refusal. The other side is told."""
    require_visible(actor, Permission.MEETING_ANSWER, on=by)
    require_allowed(event, Act.ANSWER)
    sides = (by, other) if by.side is Side.ADMINISTRATION else (other, by)
    check_pair(event, *sides)
    request = _refusal(sides, by, message)
    if not request.is_refused:
        if request.asked is by:
            answer_request(actor, request, accept=False, message=message)
        else:
            withdraw_request(actor, request, message=message)
        return
    record(actor, "meeting.refused", request, by=by.side.value)
    lost, name = refused(request), by.organisation.name

    def subject() -> str:
        return _("%(who)s ne peut pas vous rencontrer", who=name)

    _tell(other, subject, lambda: _letter(f"{subject()} ({event.name}).", lost, message))


def _refusal(sides: tuple[Delegation, Delegation], by: Delegation, message: str) -> MeetingRequest:
    """The wish between the two sides, as it is; where there is none, that of not meeting."""
    administration, vendor = sides
    request = find_request(administration.id, vendor.id)
    if request is not None:
        hold(request)
        return request
    request = MeetingRequest(
        event_id=by.event_id, administration_id=administration.id, vendor_id=vendor.id, requested_by=by.side
    )
    _take_back(request, message)
    try:
        with db.session.begin_nested():
            db.session.add(request)
            flush_for_id()
    except IntegrityError:  # somebody asked for it at this instant
        existing = find_request(administration.id, vendor.id)
        if existing is None:
            raise
        return existing
    return request


def _meet_halfway(actor: Actor, existing: MeetingRequest, requested_by: Side, message: str) -> MeetingRequest:
    hold(existing)
    is_mine = existing.requested_by is requested_by
    if existing.state is RequestState.WITHDRAWN and is_mine:
        existing.state, existing.answered_at = RequestState.PENDING, None
        existing.message, existing.answer, existing.withdrawal = message, "", ""
        _asked(actor, existing)
        return existing
    if existing.state in (RequestState.PENDING, RequestState.DECLINED) and not is_mine:
        answer_request(actor, existing, accept=True, message=message)
        return existing
    if existing.is_refused:
        raise RuleBroken(_("Cette rencontre a été refusée : elle ne peut plus être demandée."))
    raise RuleBroken(_("Cette rencontre est déjà demandée : retrouvez-la dans vos rencontres."))


def _asked(actor: Actor, request: MeetingRequest) -> None:
    record(actor, "meeting.requested", request, by=request.requested_by.value)
    who, event_name = request.asking.organisation.name, request.event.name
    _tell(
        request.asked,
        lambda: _("%(who)s souhaite vous rencontrer", who=who),
        lambda: _(
            "%(who)s souhaite vous rencontrer lors de l’événement « %(event)s ».\n\n%(text)s\n\n"
            "Répondez depuis la page « Rencontres » du portail.",
            who=who,
            event=event_name,
            text=request.message,
        ),
    )


def _take_back(request: MeetingRequest, message: str) -> None:
    request.state, request.answered_at = RequestState.WITHDRAWN, now()
    request.withdrawal = message


def refused(request: MeetingRequest) -> Callable[[], str] | None:
    """Let the other domains know that a side wants the meeting no more: what that takes away, in words."""
    return next((text for _receiver, text in meeting_refused.send(request) if text is not None), None)


def _letter(first: str, lost: Callable[[], str] | None, message: str) -> str:
    return "\n\n".join(part for part in (first, lost() if lost is not None else "", message) if part)


def check_pair(event: Event, administration: Delegation, vendor: Delegation) -> None:
    """Raise RuleBroken unless the two sit on the two sides of this event."""
    belongs = administration.event_id == event.id and vendor.event_id == event.id
    if not belongs or administration.side is not Side.ADMINISTRATION or vendor.side is not Side.VENDOR:
        raise RuleBroken(_("Une rencontre réunit une administration et un éditeur du même événement."))


def _tell(delegation: Delegation, subject: Callable[[], str], body: Callable[[], str]) -> None:
    readers = readers_of(delegation.organisation_id)
    send_mail(to=readers, subject=subject, body=body, about="meeting", event_id=delegation.event_id)
