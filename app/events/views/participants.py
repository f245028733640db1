"""Delegations of an event, entered by the organiser."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation
from app.content.forms import carried, written
from app.content.presenters import conflict_page
from app.content.services import EditConflict, Seen
from app.content.views import seen_now
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.forms import AbsenceRow, DelegationForm
from app.events.hours import Period, by_day
from app.events.queries.delegations import delegations_of, get_delegation, organisations_without_delegation
from app.events.queries.events import get_event_to_run
from app.events.spec import DELEGATION
from app.events.views.blueprint import blueprint
from app.events.views.editing import again
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import asked, attach_errors, form_page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.events.models import Event

PREFIX = "absent"
BLANK_ROWS = 2


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
    if form.validate_on_submit() and form.rows_hold():
        organisation = get_organisation(form.organisation.data)
        try:
            terms = services.Terms.of(DELEGATION.dump(form.answers()))
            services.add_delegation(current_actor(), event, organisation, terms)
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("events/participant_form.html", form=form, event=event, delegation=None)


@blueprint.route("/organisation-evenements/<slug>/participants/<int:delegation_id>", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def edit_participant(slug: str, delegation_id: int) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    delegation = get_delegation(event.id, delegation_id)
    form = _form(event, seen_now(DELEGATION, delegation))
    if form.validate_on_submit() and form.rows_hold():
        seen = form.seen(DELEGATION, delegation)
        try:
            services.edit_delegation(current_actor(), delegation, written(form, DELEGATION, seen), seen=seen)
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(slug, delegation_id, error)
    return form_page("events/participant_form.html", form=form, event=event, delegation=delegation)


@blueprint.route(
    "/organisation-evenements/<slug>/participants/<int:delegation_id>/retirer", methods=["GET", "POST"]
)
@requires(Permission.EVENT_MANAGE)
def remove_participant(slug: str, delegation_id: int) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    delegation = get_delegation(event.id, delegation_id)
    why_not = services.why_not_remove(delegation)
    if request.method == "POST" and not why_not:
        services.remove_delegation(current_actor(), delegation)
        flash(_("La délégation est retirée de l’événement."), "success")
        return redirect(url_for("events.participants", slug=slug))
    page = render_template(
        "events/remove_participant.html", event=event, delegation=delegation, why_not=why_not
    )
    return page if request.method == "GET" else (page, 409)


def _form(event: "Event", seen: Seen | None = None, *, sent: bool = True) -> DelegationForm:
    """The form of a new delegation, or of one as its editor has `seen` it; filled with what was `sent`."""
    values: dict[str, Any] = {"max_meetings": len(event.slots) or 14, "absences": ()}
    if seen is not None:
        values = DELEGATION.load(seen.content)
    typed = sent and request.method == "POST"
    form = DelegationForm(
        rows=AbsenceRow.typed(request.form, PREFIX) if typed else _rows(event, values["absences"]),
        zone=event.zone,
        data={**values, **carried(seen)},
        **({} if typed else {"formdata": None}),
    )
    if seen is not None:
        del form.organisation
    return form


def _rows(event: "Event", spans: "Iterable[tuple[datetime, datetime]]") -> list[AbsenceRow]:
    """A line for each day of each absence, then empty ones."""
    parts = [part for start, end in spans for part in by_day(Period(start, end), event.zone)]
    known = [
        AbsenceRow(prefix=f"{PREFIX}{place}-", data=AbsenceRow.shown(part, event.zone))
        for place, part in enumerate(parts)
    ]
    blank = range(len(known), len(known) + BLANK_ROWS)
    return [*known, *(AbsenceRow(prefix=f"{PREFIX}{place}-") for place in blank)]


def _conflict(slug: str, delegation_id: int, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    event = again(slug)
    delegation = get_delegation(event.id, delegation_id)
    form = _form(event, Seen(delegation.revision, error.merge.content), sent=False)
    form.now_seen(seen_now(DELEGATION, delegation))
    found = conflict_page(DELEGATION, error.merge)
    page, _status = form_page(
        "events/participant_form.html", form=form, event=event, delegation=delegation, conflict=found
    )
    return page, 409


def _saved(slug: str) -> Response:
    flash(_("La délégation est enregistrée."), "success")
    return redirect(url_for("events.participants", slug=slug))
