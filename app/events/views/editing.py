"""Writing an event: its form, its draft and its publication, its history, a copy of it."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.content.forms import ContentForm, carried, expected_revision, publication, written
from app.content.presenters import conflict_page
from app.content.queries import working_content
from app.content.services import EditConflict, Seen
from app.content.views import Announcement, Published, publish_page, register, seen_now
from app.core.db import rollback
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.events import services
from app.events.enums import EventStatus
from app.events.forms import PROGRAMME, EventForm, SlotsForm, shown_values, slots_form
from app.events.queries.events import get_event, get_event_to_run
from app.events.spec import EVENT
from app.events.views.blueprint import blueprint
from app.permissions import Permission, can
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page

if TYPE_CHECKING:
    from app.events.models import Event

Answer = str | Response | tuple[str, int]


@blueprint.route("/organisation-evenements/<slug>/modifier", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def edit(slug: str) -> Answer:
    event = get_event_to_run(current_actor(), slug)
    form = _form(event)
    if form.validate_on_submit():
        seen = form.seen(EVENT, event)
        try:
            services.save_event(current_actor(), event, written(form, EVENT, seen), seen=seen)
            return saved(event, url_for("schedules.overview", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(slug, error)
    return form_page("events/event_form.html", form=form, event=event)


@blueprint.route("/organisation-evenements/<slug>/publier", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def publish(slug: str) -> Answer:
    event = get_event_to_run(current_actor(), slug)
    if request.method == "GET":
        return publish_page(PAGES, event)
    was_hidden = event.status is EventStatus.DRAFT
    nature, note = publication()
    try:
        services.publish_event(
            current_actor(),
            event,
            note=note,
            nature=nature,
            revision=expected_revision(),
            confirmed="confirmed" in request.form,
        )
    except RuleBroken as error:
        return publish_page(PAGES, again(slug), error.message, status=422)
    except (Conflict, InvalidTransition) as error:
        return publish_page(PAGES, again(slug), error.message)
    if was_hidden:
        flash(_("L’événement est ouvert : ses participants peuvent demander des rencontres."), "success")
    else:
        flash(_("L’événement est publié."), "success")
    return redirect(url_for("schedules.overview", slug=slug))


@blueprint.post("/organisation-evenements/<slug>/copier")
@requires(Permission.EVENT_CREATE)
def copy(slug: str) -> Response:
    copied = services.copy_event(current_actor(), get_event_to_run(current_actor(), slug))
    flash(_("Voici une copie de l’événement, en préparation : adaptez-la, puis publiez."), "success")
    return redirect(url_for("events.edit", slug=copied.slug))


def again(slug: str) -> "Event":
    """The event as somebody else has just saved it."""
    rollback()
    return get_event_to_run(current_actor(), slug)


def saved(event: "Event", page: str) -> Response:
    """After saving: on to the publication when the button said so."""
    if request.form.get("then") == "publish":
        return redirect(url_for("events.publish", slug=event.slug))
    if event.version:
        flash(_("Le brouillon est enregistré : la version publiée ne change qu’à la publication."), "success")
    else:
        flash(_("L’événement est enregistré."), "success")
    return redirect(page)


def _form(event: "Event", seen: Seen | None = None, **options: Any) -> EventForm:
    """The form of the event as its editors left it, or as `seen` says."""
    return EventForm(data=shown_values(seen or seen_now(EVENT, event)), **options)


def _form_sent(event: "Event") -> ContentForm:
    """Of the two forms that write an event, the one that saves itself."""
    if request.form.get("part") == PROGRAMME:
        return sent_slots(event)
    return _form(event)


def sent_slots(event: "Event") -> SlotsForm:
    """The form of the programme, as it was sent."""
    seen = seen_now(EVENT, event)
    return slots_form(seen.content, sent=True, **carried(seen))


def shown_slots(event: "Event") -> SlotsForm:
    """The form of the programme, as its editors left it."""
    seen = seen_now(EVENT, event)
    return slots_form(seen.content, sent=False, **carried(seen))


def _conflict(slug: str, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    event = again(slug)
    form = _form(event, Seen(event.revision, error.merge.content), formdata=None)
    form.now_seen(seen_now(EVENT, event))
    page, _status = form_page(
        "events/event_form.html", form=form, event=event, conflict=conflict_page(EVENT, error.merge)
    )
    return page, 409


def _announcement(event: "Event") -> Announcement | None:
    """Whom publishing the draft would write to; what stands against it is said at the publication."""
    if event.status is EventStatus.DRAFT:
        opened = _("L’événement sera visible de tous, et ses participants pourront demander des rencontres.")
        return Announcement((opened,))
    try:
        plan = services.planned(event, EVENT.load(working_content(EVENT, event)))
    except RuleBroken as error:
        return Announcement((error.message,))
    told = services.announced(plan)
    label = _("Je confirme le changement des rendez-vous publiés") if plan.needs_confirming else ""
    return Announcement(told.consequences, told.people, label)


def _page(event: "Event") -> str:
    """Where the event is read: its preparation, for who runs it."""
    runs = can(current_actor(), Permission.EVENT_MANAGE, on=event)
    return url_for("schedules.overview" if runs else "schedules.programme", slug=event.slug)


PAGES = Published(
    spec=EVENT,
    page=_page,
    edit_page=lambda event: url_for("events.edit", slug=event.slug),
    publish_page=lambda event: url_for("events.publish", slug=event.slug),
    reading=Permission.EVENT_READ,
    editing=Permission.EVENT_MANAGE,
    read=lambda actor, address: get_event(actor, address["slug"]),
    edit=lambda actor, address: get_event_to_run(actor, address["slug"]),
    form=_form_sent,
    keep=services.autosave_event,
    drop=services.discard_draft,
    title=lambda event: event.name,
    address=lambda event: {"slug": event.slug},
    announce=_announcement,
    substantive=_l("Jour, heures, lieu, ce qui est proposé."),
)
register(blueprint, "/evenements/<slug>", PAGES)
