"""Delegations of an event, entered by the organiser."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.forms import DelegationForm
from app.events.queries.delegations import delegations_of, get_delegation, organisations_without_delegation
from app.events.queries.events import get_event_to_run
from app.events.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import as_choices, asked, attach_errors, form_page
from app.web.templating import time_in

if TYPE_CHECKING:
    from app.events.models import Delegation, Event


@blueprint.get("/organisation-evenements/<slug>/participants")
@requires(Permission.EVENT_MANAGE)
def participants(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return render_template("events/participants.html", event=event, delegations=delegations_of(event.id))


@blueprint.route("/organisation-evenements/<slug>/participants/nouveau", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def add_participant(slug: str) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = _form(event)
    others = organisations_without_delegation(event.id)
    form.organisation.choices = asked((item.id, item.name) for item in others)
    if form.validate_on_submit():
        organisation = get_organisation(form.organisation.data)
        try:
            services.add_delegation(current_actor(), event, organisation, **_terms(form))
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("events/participant_form.html", form=form, event=event, delegation=None)


@blueprint.route("/organisation-evenements/<slug>/participants/<int:delegation_id>", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def edit_participant(slug: str, delegation_id: int) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    delegation = get_delegation(event.id, delegation_id)
    form = _form(event, delegation)
    del form.organisation
    if form.validate_on_submit():
        try:
            services.edit_delegation(current_actor(), delegation, **_terms(form))
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("events/participant_form.html", form=form, event=event, delegation=delegation)


@blueprint.route(
    "/organisation-evenements/<slug>/participants/<int:delegation_id>/retirer", methods=["GET", "POST"]
)
@requires(Permission.EVENT_MANAGE)
def remove_participant(slug: str, delegation_id: int) -> str | Response:
    event = get_event_to_run(current_actor(), slug)
    delegation = get_delegation(event.id, delegation_id)
    if request.method == "GET":
        return render_template("events/remove_participant.html", event=event, delegation=delegation)
    services.remove_delegation(current_actor(), delegation)
    flash(_("La délégation est retirée de l’événement."), "success")
    return redirect(url_for("events.participants", slug=slug))


def _form(event: "Event", delegation: "Delegation | None" = None) -> DelegationForm:
    shown: dict[str, Any] = {"max_meetings": len(event.slots) or 14}
    if delegation is not None:
        shown = {
            "min_meetings": delegation.min_meetings,
            "max_meetings": delegation.max_meetings,
            "table": None if delegation.table is None else delegation.table + 1,
            "absent": [absence.slot_id for absence in delegation.absences],
        }
    form = DelegationForm(data=shown)
    hours = ((slot.id, time_in(slot.starts_at, event.timezone)) for slot in event.slots)
    form.absent.choices = as_choices(hours)
    return form


def _terms(form: DelegationForm) -> dict[str, Any]:
    """Arguments of the services; tables are shown from 1 and stored from 0."""
    table = form.table.data
    return {
        "min_meetings": form.min_meetings.data,
        "max_meetings": form.max_meetings.data,
        "table": None if table is None else table - 1,
        "absent_slot_ids": form.absent.data or [],
    }


def _saved(slug: str) -> Response:
    flash(_("La délégation est enregistrée."), "success")
    return redirect(url_for("events.participants", slug=slug))
