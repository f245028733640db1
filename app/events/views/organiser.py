"""The organiser's events: list, creation, settings, opening and closing."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.core.errors import Conflict, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.enums import EventStatus
from app.events.forms import EventForm
from app.events.queries.delegations import delegation_counts
from app.events.queries.events import events_run_by, get_event_to_run
from app.events.views.blueprint import blueprint
from app.permissions import Permission, Role
from app.web.access import current_actor, requires
from app.web.conflicts import differences
from app.web.forms import attach_errors, form_page

if TYPE_CHECKING:
    from app.events.models import Event


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
                current_actor(), get_organisation(form.holder_id()), form.settings()
            )
            flash(_("L’événement est créé. Préparez maintenant ses créneaux."), "success")
            return redirect(url_for("events.slots", slug=event.slug, date=form.held_on.data))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
    return form_page("events/event_form.html", form=form, event=None)


@blueprint.route("/organisation-evenements/<slug>/modifier", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def edit(slug: str) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = EventForm(obj=event, published=event.status is EventStatus.SCHEDULED, **_shown(event))
    if form.validate_on_submit():
        try:
            services.edit_event(
                current_actor(),
                event,
                form.settings(),
                expected_version=form.expected_version(),
                held_on=form.held_on.data,
                confirmed=form.is_confirmed(),
            )
            flash(_("L’événement est enregistré."), "success")
            return redirect(url_for("schedules.overview", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except Conflict as error:
            return _conflict(form, slug, error)
    return form_page("events/event_form.html", form=form, event=event)


@blueprint.route("/organisation-evenements/<slug>/etat", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def change_status(slug: str) -> str | Response:
    """Each step is one button; closing stops everybody, so its page asks first."""
    event = get_event_to_run(current_actor(), slug)
    if request.method == "GET":
        return render_template("events/close.html", event=event)
    steps = {
        "ouvrir": (
            services.open_event,
            _("L’événement est ouvert : ses participants peuvent demander des rencontres."),
        ),
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


def _shown(event: "Event") -> dict[str, Any]:
    """What the form shows otherwise than the row keeps it."""
    ends = event.wishes_until
    return {
        "held_on": event.days[0] if event.days else None,
        "wishes_end": None if ends is None else ends.astimezone(event.zone).replace(tzinfo=None),
    }


def _conflict(form: EventForm, slug: str, error: Conflict) -> tuple[str, int]:
    """Somebody saved first: show their values beside what was typed; saving again replaces them knowingly."""
    theirs = get_event_to_run(current_actor(), slug)
    form.version.raw_data, form.version.data = None, str(theirs.version)
    attach_errors(form, {}, error.message)
    saved = EventForm(
        formdata=None,
        obj=theirs,
        **_shown(theirs),
        published="confirmed" in form,
        confirmed=form.is_confirmed(),
    )
    found = differences(form, saved)
    return render_template("events/event_form.html", form=form, event=theirs, differences=found), 409
