"""Ambassador-led sessions: the form, and the organiser's list."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.clock import now
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.presenters import slot_choices
from app.events.queries.delegations import delegations_of, get_delegation
from app.events.queries.events import get_event, get_event_to_run
from app.meetings import services
from app.meetings.forms import SessionForm
from app.meetings.queries.scores import suggested_vendors
from app.meetings.queries.sessions import get_session, sessions_of
from app.meetings.views.blueprint import blueprint
from app.permissions import Permission, can, require_visible
from app.web.access import current_actor, requires
from app.web.forms import as_choices, attach_errors, form_page
from app.web.templating import number

if TYPE_CHECKING:
    from app.events.models import Delegation, Event


@blueprint.route("/evenements/<slug>/sessions/nouvelle", methods=["GET", "POST"])
@requires(Permission.SESSION_LEAD)
def lead_session(slug: str) -> str | Response | tuple[str, int]:
    event = get_event(current_actor(), slug)
    form = _form(event)
    if form.validate_on_submit():
        try:
            _lead(event, form)
            flash(_("La session est créée et les éditeurs choisis sont invités."), "success")
            return redirect(url_for("schedules.programme", slug=slug, _anchor="sessions"))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("meetings/lead_session.html", form=form, event=event)


@blueprint.get("/organisation-evenements/<slug>/sessions")
@requires(Permission.EVENT_MANAGE)
def event_sessions(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return render_template("meetings/sessions.html", event=event, sessions=sessions_of(event.id))


@blueprint.route("/evenements/<slug>/sessions/<int:session_id>/annuler", methods=["GET", "POST"])
@requires(Permission.SESSION_LEAD)
def cancel_session(slug: str, session_id: int) -> str | Response:
    event = get_event(current_actor(), slug)
    session = get_session(session_id)
    if session.event_id != event.id:
        raise NotFound
    require_visible(current_actor(), Permission.SESSION_LEAD, on=session.host)
    if request.method == "GET":
        return render_template("meetings/cancel_session.html", event=event, session=session)
    services.cancel_session(current_actor(), session)
    flash(_("La session est annulée."), "success")
    return redirect(url_for("schedules.programme", slug=slug))


def _form(event: "Event") -> SessionForm:
    form = SessionForm()
    hosts = _hosts(event)
    form.host.choices = as_choices((host.id, host.organisation.name) for host in hosts)
    coming = [slot for slot in event.slots if slot.starts_at > now()]
    form.slot.choices = as_choices(slot_choices(event, coming))
    form.room.choices = as_choices((room, _("Salle %(n)d", n=room + 1)) for room in range(event.rooms))
    chosen = next((host for host in hosts if host.id == form.host.data), hosts[0])
    form.vendors.choices = as_choices(
        (vendor.id, _suggestion(vendor, score)) for vendor, score in suggested_vendors(event.id, chosen)
    )
    return form


def _hosts(event: "Event") -> "list[Delegation]":
    """Administrations of the event on whose behalf the actor may lead a session."""
    hosts = [
        delegation
        for delegation in delegations_of(event.id)
        if delegation.side is Side.ADMINISTRATION
        and can(current_actor(), Permission.SESSION_LEAD, on=delegation)
    ]
    if not hosts:
        raise NotFound(_("Votre administration ne participe pas à cet événement."))
    return hosts


def _suggestion(vendor: "Delegation", score: float) -> str:
    name = vendor.organisation.name
    return (
        _("%(name)s (répond à vos besoins : %(score)s sur 100)", name=name, score=number(score * 100))
        if score
        else name
    )


def _lead(event: "Event", form: SessionForm) -> None:
    slots = {slot.id: slot for slot in event.slots}
    services.lead_session(
        current_actor(),
        event,
        host=get_delegation(event.id, form.host.data),
        slot=slots[form.slot.data],
        theme=form.theme.data or "",
        description=form.description.data or "",
        room=form.room.data,
        capacity=form.capacity.data or 1,
        vendors=[get_delegation(event.id, vendor_id) for vendor_id in form.vendors.data or []],
    )
