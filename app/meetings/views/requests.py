"""Participants' wishes: ask for a meeting, answer those received, answer invitations to sessions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.db import rollback
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.lifecycle import Act, allows
from app.events.queries.delegations import find_delegation
from app.events.queries.events import events_shared_by, get_event
from app.meetings import services
from app.meetings.enums import RequestState
from app.meetings.forms import AnswerForm, RequestForm
from app.meetings.queries.scores import find_score
from app.meetings.queries.sessions import get_invitation, invitations_of
from app.meetings.queries.wishes import get_request, requests_involving
from app.meetings.views.blueprint import blueprint
from app.needs.queries import get_need
from app.offers.queries import get_offer
from app.permissions import Permission, Role, can, require_visible
from app.web.access import current_actor, requires
from app.web.forms import as_choices, attach_errors, form_page

if TYPE_CHECKING:
    from app.events.models import Event
    from app.needs.models import Need
    from app.offers.models import Offer


@blueprint.route("/rencontres/demander", methods=["GET", "POST"])
@requires(Permission.MEETING_REQUEST)
def request_meeting() -> str | Response | tuple[str, int]:
    need, offer = _subject()
    events = events_shared_by(need.organisation_id, offer.organisation_id or 0)
    side = _side_of_actor(need, offer, events)
    form = RequestForm()
    form.event.choices = as_choices((event.slug, event.name) for event in events)
    if request.method == "GET":
        form.event.data = request.args.get("evenement", form.event.data)
    if form.validate_on_submit():
        try:
            _send(form, need, offer, side)
            flash(_("Votre demande de rencontre est envoyée."), "success")
            return redirect(url_for("meetings.requests"))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    score = find_score(need.id, offer.id)
    return form_page(
        "meetings/request_meeting.html", form=form, need=need, offer=offer, events=events, score=score
    )


@blueprint.get("/rencontres")
@requires(Permission.MEETING_REQUEST)
def requests() -> str:
    return _page(request.args.get("revoir", type=int))


def _page(again: int | None, typed: str = "", problem: str = "") -> str:
    """Wishes sent and received; `again` is the one whose answer is asked once more, as `typed`."""
    mine = current_actor().organisations(Role.AMBASSADOR, Role.VENDOR)
    found = requests_involving(mine)
    sent = [item for item in found if item.asking.organisation_id in mine]
    received = [item for item in found if item.asking.organisation_id not in mine]
    waiting = [
        item
        for item in received
        if allows(item.event, Act.ANSWER)
        and (item.state is RequestState.PENDING or item.id == again)
        and item.state is not RequestState.WITHDRAWN
    ]
    return render_template(
        "meetings/requests.html",
        sent=sent,
        waiting=waiting,
        others=[item for item in received if item not in waiting],
        invitations=invitations_of(mine),
        again=again,
        typed=typed,
        problem=problem,
    )


@blueprint.post("/rencontres/<int:request_id>/reponse")
@requires(Permission.MEETING_ANSWER)
def answer_request(request_id: int) -> Response | tuple[str, int]:
    accept = request.form.get("reponse") == "accepter"
    message = (AnswerForm().message.data or "")[:500]
    given = request.form.get("etat", "")
    seen = RequestState(given) if given in set(RequestState) else None
    found = get_request(current_actor(), request_id)
    try:
        services.answer_request(current_actor(), found, accept=accept, message=message, seen=seen)
    except InvalidTransition as error:
        rollback()
        return _page(request_id, message, error.message), 409
    flash(_("La rencontre est acceptée.") if accept else _("La rencontre est refusée."), "success")
    return redirect(url_for("meetings.requests"))


@blueprint.route("/rencontres/<int:request_id>/retrait", methods=["GET", "POST"])
@requires(Permission.MEETING_REQUEST)
def withdraw_request(request_id: int) -> str | Response:
    found = get_request(current_actor(), request_id)
    require_visible(current_actor(), Permission.MEETING_REQUEST, on=found.asking)
    if request.method == "GET":
        return render_template("meetings/withdraw_request.html", item=found)
    message = (AnswerForm().message.data or "")[:500]
    services.withdraw_request(current_actor(), found, message=message)
    flash(_("Votre demande est retirée."), "success")
    return redirect(url_for("meetings.requests"))


@blueprint.post("/rencontres/sessions/<int:session_id>/<int:vendor_id>/reponse")
@requires(Permission.SESSION_ANSWER)
def answer_invitation(session_id: int, vendor_id: int) -> Response:
    accept = request.form.get("reponse") == "accepter"
    invitation = get_invitation(current_actor(), session_id, vendor_id)
    services.answer_invitation(current_actor(), invitation, accept=accept)
    flash(_("Vous participez à la session.") if accept else _("Vous déclinez la session."), "success")
    return redirect(url_for("meetings.requests"))


def _subject() -> "tuple[Need, Offer]":
    need = get_need(current_actor(), request.args.get("besoin", 0, type=int))
    offer = get_offer(current_actor(), request.args.get("offre", 0, type=int))
    return need, offer


def _side_of_actor(need: "Need", offer: "Offer", events: "Sequence[Event]") -> Side:
    """On whose behalf the actor asks; neither side's business does not exist for them."""
    actor = current_actor()
    runs = any(can(actor, Permission.EVENT_MANAGE, on=event) for event in events)
    if runs or can(actor, Permission.MEETING_REQUEST, on=need):
        return Side.ADMINISTRATION
    if offer.organisation_id in actor.organisations(Role.VENDOR):
        return Side.VENDOR
    raise NotFound


def _send(form: RequestForm, need: "Need", offer: "Offer", side: Side) -> None:
    event = get_event(current_actor(), form.event.data or "")
    administration = find_delegation(event.id, need.organisation_id)
    vendor = find_delegation(event.id, offer.organisation_id or 0)
    if administration is None or vendor is None:
        raise RuleBroken(fields={"event": _("Les deux organisations ne participent pas à cet événement.")})
    services.request_meeting(
        current_actor(),
        event,
        administration=administration,
        vendor=vendor,
        requested_by=side,
        need=need,
        offer=offer,
        message=form.message.data or "",
        match_score=find_score(need.id, offer.id),
    )
