"""The organiser's events: list, creation, closing and reopening."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.forms import EventForm, settings_of
from app.events.queries.delegations import delegation_counts
from app.events.queries.events import events_run_by, get_event_to_run
from app.events.views.blueprint import blueprint
from app.permissions import Permission, Role
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.get("/organisation-evenements")
@requires(Permission.EVENT_MANAGE)
def manage() -> str:
    events = events_run_by(current_actor())
    counts = delegation_counts([event.id for event in events])
    return render_template("events/manage.html", events=events, counts=counts)


@blueprint.route("/organisation-evenements/nouveau", methods=["GET", "POST"])
@requires(Permission.EVENT_CREATE)
def create() -> str | Response | tuple[str, int]:
    holders = organisations_where(current_actor(), Role.ORGANISER)
    form = EventForm(holders=[(holder.id, holder.name) for holder in holders])
    if form.validate_on_submit():
        try:
            event = services.create_event(
                current_actor(), get_organisation(form.holder_id()), settings_of(form.answers())
            )
            flash(_("L’événement est créé. Préparez maintenant ses créneaux."), "success")
            return redirect(url_for("events.slots", slug=event.slug, date=form.held_on.data))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("events/event_form.html", form=form, event=None)


@blueprint.route("/organisation-evenements/<slug>/etat", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def change_status(slug: str) -> str | Response:
    """Each step is one button; closing stops everybody, so its page asks first."""
    event = get_event_to_run(current_actor(), slug)
    if request.method == "GET":
        return render_template("events/close.html", event=event)
    steps = {
        "clore": (services.close_event, _("L’événement est clos.")),
        "rouvrir": (services.reopen_event, _("L’événement est rouvert, tel qu’il était.")),
        "clore-demandes": (services.close_wishes, _("Les demandes de rencontre sont closes.")),
        "rouvrir-demandes": (services.reopen_wishes, _("Les demandes de rencontre sont rouvertes.")),
    }
    asked = request.form.get("etat", "")
    if asked not in steps:
        raise NotFound
    step, text = steps[asked]
    step(current_actor(), event)
    flash(text, "success")
    return redirect(url_for("schedules.overview", slug=slug))
