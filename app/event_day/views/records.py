"""Recording what happens on the day: absence, late arrival, lost tables, newcomer."""

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.accounts.queries import get_organisation
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.event_day import services
from app.event_day.forms import LateForm, LostTablesForm, NewcomerForm, NoShowForm
from app.event_day.queries import get_day_event
from app.event_day.views.blueprint import blueprint
from app.events.presenters import slot_choices
from app.events.queries.days import slots_to_come
from app.events.queries.delegations import delegations_of, get_delegation, organisations_without_delegation
from app.events.queries.events import get_event_to_run
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import BaseForm, as_choices, asked, attach_errors, form_page

if TYPE_CHECKING:
    from app.events.models import Event


DAY = "/organisation-evenements/<slug>/jour-j"


FORMS = {"absence": NoShowForm, "retard": LateForm, "tables": LostTablesForm, "arrivee": NewcomerForm}


@blueprint.route(f"{DAY}/<any(absence, retard, tables, arrivee):what>", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def record_event(slug: str, what: str) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = _form(event, what)
    if form.validate_on_submit():
        try:
            _record(event, form)
            flash(_("C’est noté. Demandez maintenant une proposition."), "success")
            return redirect(url_for("event_day.day", slug=slug))
        except (RuleBroken, InvalidTransition) as error:
            attach_errors(form, getattr(error, "fields", {}), error.message)
    return form_page("event_day/record_form.html", form=form, event=event, what=what)


@blueprint.post(f"{DAY}/evenements/<int:day_event_id>/annuler")
@requires(Permission.EVENT_MANAGE)
def forget_event(slug: str, day_event_id: int) -> Response:
    event = get_event_to_run(current_actor(), slug)
    services.forget_event(current_actor(), event, get_day_event(event.id, day_event_id))
    flash(_("Ce n’est plus noté. Le planning publié n’a pas changé."), "success")
    return redirect(url_for("event_day.day", slug=slug))


def _form(event: "Event", what: str) -> BaseForm:
    form: BaseForm = FORMS[what]()
    coming = slots_to_come(event)
    if isinstance(form, NewcomerForm):
        others = organisations_without_delegation(event.id)
        form.organisation.choices = asked((item.id, item.name) for item in others)
    if isinstance(form, NoShowForm | LateForm):
        present = delegations_of(event.id)
        form.delegation.choices = asked((item.id, item.organisation.name) for item in present)
    for field in form:
        if isinstance(field, SelectField) and field.short_name in ("slot", "until"):
            offered = coming[1:] if field.short_name == "until" else coming
            field.choices = as_choices(slot_choices(event, offered))
    return form


def _record(event: "Event", form: BaseForm) -> None:
    actor = current_actor()
    slots = {slot.id: slot for slot in event.slots}
    if isinstance(form, NoShowForm):
        absent = get_delegation(event.id, form.delegation.data)
        services.record_no_show(actor, event, absent, slots[form.slot.data])
    elif isinstance(form, LateForm):
        late = get_delegation(event.id, form.delegation.data)
        services.record_late_arrival(actor, event, late, slots[form.until.data])
    elif isinstance(form, LostTablesForm):
        services.record_lost_tables(actor, event, form.tables.data or 1, slots[form.slot.data])
    elif isinstance(form, NewcomerForm):
        services.record_newcomer(
            actor,
            event,
            get_organisation(form.organisation.data),
            min_meetings=form.min_meetings.data or 0,
            max_meetings=form.max_meetings.data or 0,
        )
    else:
        raise NotFound
