"""Who wishes to meet whom, and the organiser's pinned and forbidden pairs."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.presenters import slot_choices
from app.events.queries.delegations import delegations_of, get_delegation
from app.events.queries.events import get_event_to_run
from app.meetings import services
from app.meetings.forms import NO_SLOT, RuleForm
from app.meetings.queries.rules import get_pair_rule, pair_rules_of
from app.meetings.queries.scores import pair_scores
from app.meetings.queries.wishes import requests_of_event
from app.meetings.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import as_choices, asked, attach_errors, form_page

if TYPE_CHECKING:
    from app.events.models import Event


@blueprint.get("/organisation-evenements/<slug>/souhaits")
@requires(Permission.EVENT_MANAGE)
def wishes(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return render_template(
        "meetings/wishes.html",
        event=event,
        wishes=requests_of_event(event.id),
        rules=pair_rules_of(event.id),
        scores=pair_scores(event.id),
    )


@blueprint.route("/organisation-evenements/<slug>/souhaits/regle", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def set_rule(slug: str) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = _form(event)
    if form.validate_on_submit():
        try:
            _set(event, form)
            flash(_("La règle est enregistrée : le prochain calcul la respectera."), "success")
            return redirect(url_for("meetings.wishes", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    if not form.confirmed.errors:
        del form.confirmed  # asked only of who imposes what was refused
    return form_page("meetings/rule_form.html", form=form, event=event)


@blueprint.post("/organisation-evenements/<slug>/souhaits/regle/<int:rule_id>/retirer")
@requires(Permission.EVENT_MANAGE)
def remove_rule(slug: str, rule_id: int) -> Response:
    event = get_event_to_run(current_actor(), slug)
    services.remove_pair_rule(current_actor(), get_pair_rule(event.id, rule_id))
    flash(_("La règle est retirée."), "success")
    return redirect(url_for("meetings.wishes", slug=slug))


def _form(event: "Event") -> RuleForm:
    form = RuleForm()
    delegations = delegations_of(event.id)
    for field, side in ((form.administration, Side.ADMINISTRATION), (form.vendor, Side.VENDOR)):
        field.choices = asked((item.id, item.organisation.name) for item in delegations if item.side is side)
    form.slot.choices = as_choices([NO_SLOT, *((str(slot), text) for slot, text in slot_choices(event))])
    return form


def _set(event: "Event", form: RuleForm) -> None:
    slots = {str(slot.id): slot for slot in event.slots}
    services.set_pair_rule(
        current_actor(),
        event,
        administration=get_delegation(event.id, form.administration.data),
        vendor=get_delegation(event.id, form.vendor.data),
        kind=form.kind.data,
        slot=slots.get(form.slot.data or ""),
        reason=form.reason.data or "",
        confirmed=bool(form.confirmed.data),
    )
