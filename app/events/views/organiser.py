"""The organiser's events: list, creation, settings, opening and closing."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.content.forms import written
from app.content.presenters import conflict_page
from app.content.services import EditConflict, Seen
from app.content.views import seen_now
from app.core.db import rollback
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.enums import EventStatus
from app.events.forms import EventForm, settings_of, shown_values
from app.events.queries.delegations import delegation_counts
from app.events.queries.events import events_run_by, get_event_to_run
from app.events.spec import EVENT
from app.events.views.blueprint import blueprint
from app.permissions import Permission, Role
from app.web.access import current_actor, requires
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
                current_actor(), get_organisation(form.holder_id()), settings_of(form.answers())
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
    form = _form(event)
    if form.validate_on_submit():
        try:
            _save(event, form)
            flash(_("L’événement est enregistré."), "success")
            return redirect(url_for("schedules.overview", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
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


def _form(event: "Event", seen: Seen | None = None, **options: Any) -> EventForm:
    """The form of the event as it is, or as `seen` says."""
    status = event.status
    initial = shown_values(seen or seen_now(EVENT, event)) | options.pop("typed", {})
    return EventForm(
        data=initial,
        published=status is EventStatus.SCHEDULED,
        public=status is not EventStatus.DRAFT,
        **options,
    )


def _save(event: "Event", form: EventForm) -> None:
    seen = form.seen(EVENT, event)
    values = EVENT.load(written(form, EVENT, seen))
    services.edit_event(
        current_actor(),
        event,
        settings_of(values),
        seen=seen,
        held_on=values["held_on"],
        confirmed=form.is_confirmed(),
        note=form.why(),
    )


def _conflict(form: EventForm, slug: str, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    rollback()
    current = get_event_to_run(current_actor(), slug)
    typed = {"note": form.why(), "confirmed": form.is_confirmed()}
    again = _form(current, Seen(current.revision, error.merge.content), formdata=None, typed=typed)
    again.now_seen(seen_now(EVENT, current))
    found = conflict_page(EVENT, error.merge)
    return render_template("events/event_form.html", form=again, event=current, conflict=found), 409
