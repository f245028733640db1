"""Delegations of an event, entered by the organiser."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.forms import AbsenceRow, DelegationForm, periods, rows_hold
from app.events.hours import by_day
from app.events.queries.delegations import delegations_of, get_delegation, organisations_without_delegation
from app.events.queries.events import get_event_to_run
from app.events.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.conflicts import differences
from app.web.forms import asked, attach_errors

if TYPE_CHECKING:
    from app.events.models import Delegation, Event
    from app.events.services import Terms

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
    form, rows = _form(event), _rows(event)
    others = organisations_without_delegation(event.id)
    form.organisation.choices = asked((item.id, item.name) for item in others)
    terms = _terms(event, form, rows)
    if terms is not None:
        organisation = get_organisation(form.organisation.data)
        try:
            services.add_delegation(current_actor(), event, organisation, terms)
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return _page(event, form, rows)


@blueprint.route("/organisation-evenements/<slug>/participants/<int:delegation_id>", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def edit_participant(slug: str, delegation_id: int) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    delegation = get_delegation(event.id, delegation_id)
    form, rows = _form(event, delegation), _rows(event, delegation)
    del form.organisation
    terms = _terms(event, form, rows)
    if terms is not None:
        version = form.expected_version()
        try:
            services.edit_delegation(current_actor(), delegation, terms, expected_version=version)
            return _saved(slug)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except Conflict as error:
            return _conflict(event, delegation_id, form, rows, error)
    return _page(event, form, rows, delegation)


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


def _form(event: "Event", delegation: "Delegation | None" = None) -> DelegationForm:
    shown: dict[str, Any] = {"max_meetings": len(event.slots) or 14}
    if delegation is not None:
        shown = {
            "min_meetings": delegation.min_meetings,
            "max_meetings": delegation.max_meetings,
            "table": None if delegation.table is None else delegation.table + 1,
            "version": str(delegation.version),
        }
    return DelegationForm(data=shown)


def _rows(event: "Event", delegation: "Delegation | None" = None) -> list[AbsenceRow]:
    """A line for each day of each absence, then empty ones; or the lines as they were typed."""
    if request.method == "POST":
        return AbsenceRow.typed(request.form, PREFIX)
    spans = [
        part
        for item in (delegation.absences if delegation else ())
        for part in by_day(item.period, event.zone)
    ]
    known = [
        AbsenceRow(prefix=f"{PREFIX}{place}-", data=AbsenceRow.shown(span, event.zone))
        for place, span in enumerate(spans)
    ]
    blank = range(len(known), len(known) + BLANK_ROWS)
    return [*known, *(AbsenceRow(prefix=f"{PREFIX}{place}-") for place in blank)]


def _terms(event: "Event", form: DelegationForm, rows: list[AbsenceRow]) -> "Terms | None":
    """What was sent, or None where nothing was or it cannot be read: the form then says why."""
    label = _("Indisponibilité %(n)d :")
    if not form.validate_on_submit() or not rows_hold(form, rows, label, hours=False):
        return None
    spans = periods(form, rows, event.zone, label)
    return None if form.errors else form.terms(spans)


def _page(
    event: "Event",
    form: DelegationForm,
    rows: list[AbsenceRow],
    delegation: "Delegation | None" = None,
    **shown: Any,
) -> str | tuple[str, int]:
    page = render_template(
        "events/participant_form.html", form=form, rows=rows, event=event, delegation=delegation, **shown
    )
    return (page, 422) if request.method == "POST" and not shown else page


def _conflict(
    event: "Event", delegation_id: int, form: DelegationForm, rows: list[AbsenceRow], error: Conflict
) -> tuple[str, int]:
    """Somebody saved first: show their values beside what was typed; saving again replaces them knowingly."""
    theirs = get_delegation(event.id, delegation_id)
    form.version.raw_data, form.version.data = None, str(theirs.version)
    attach_errors(form, {}, error.message)
    saved = DelegationForm(
        formdata=None,
        data={
            "min_meetings": theirs.min_meetings,
            "max_meetings": theirs.max_meetings,
            "table": None if theirs.table is None else theirs.table + 1,
        },
    )
    found = differences(form, saved)
    page = _page(event, form, rows, theirs, differences=found, saved_absences=theirs.absences)
    return str(page), 409


def _saved(slug: str) -> Response:
    flash(_("La délégation est enregistrée."), "success")
    return redirect(url_for("events.participants", slug=slug))
