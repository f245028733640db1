"""Writing events: create, edit, publish, copy."""

from contextlib import nullcontext
from dataclasses import replace

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.content import services as contents
from app.content.enums import Nature
from app.content.queries import working_content
from app.content.services import Publishing, Seen, check_unchanged, keep, keep_draft, publish
from app.content.spec import Content
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.slugs import unique_slug
from app.events.enums import EventStatus
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event, EventTeamMember
from app.events.services.plans import carry_out, planned
from app.events.spec import EVENT, Settings
from app.permissions import Actor, Permission, require


def create_event(
    actor: Actor, organisation: Organisation, settings: Settings, *, is_demo: bool = False, source: str = ""
) -> Event:
    """A new event of an administration, hidden from the public until it is opened; who creates it runs it."""
    require(actor, Permission.EVENT_CREATE, on=organisation)
    if organisation.kind is not OrganisationKind.ADMINISTRATION:
        raise RuleBroken(fields={"organisation_id": _("Seule une administration peut tenir un événement.")})
    event = Event(organisation=organisation, is_demo=is_demo, source=source)
    if actor.user_id is not None:
        event.team.append(EventTeamMember(user_id=actor.user_id))
    with db.session.no_autoflush:
        EVENT.write(event, settings.values())
    event.slug = unique_slug(Event.slug, event.name)
    db.session.add(event)
    flush_for_id()
    record(actor, "event.created", event, name=event.name)
    return event


def save_event(actor: Actor, event: Event, content: Content, *, seen: Seen | None = None) -> None:
    """Keep what an editor wrote: as the draft of a public event, in the event itself before that.

    Raises EditConflict when somebody else saved since it was `seen`."""
    _check_editable(actor, event)
    plan = planned(event, EVENT.load(content))
    with nullcontext() if event.version else carry_out(plan):
        changed = keep(actor, EVENT, event, content, seen=seen)
    if changed:
        record(actor, "event.edited", event, version=event.version)


def autosave_event(actor: Actor, event: Event, content: Content, seen: Seen | None) -> None:
    """Keep what is being typed, complete or not."""
    _check_editable(actor, event)
    keep_draft(actor, EVENT, event, content, seen=seen)


def publish_event(
    actor: Actor,
    event: Event,
    *,
    note: str = "",
    nature: Nature = Nature.SUBSTANTIVE,
    revision: int | None = None,
    confirmed: bool = False,
) -> None:
    """Open the event to everyone, or put a public event's draft in its place. Slots that move take their
    meetings and sessions along, and people are told: where a schedule is published, once `confirmed`. With
    `revision`, only what was read at that revision is published."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.OPEN if event.status is EventStatus.DRAFT else Act.EDIT)
    check_unchanged(event, revision)
    plan = planned(event, EVENT.load(working_content(EVENT, event)))
    if plan.needs_confirming and not confirmed:
        text = _("Des rendez-vous publiés changeraient d’heure ou de lieu : confirmez-le.")
        raise RuleBroken(fields={"confirmed": text})
    with carry_out(plan):
        publish(actor, PUBLISHING, event, nature=nature, note=note)


def discard_draft(actor: Actor, event: Event) -> None:
    """Give up what is being written beside the event, which stays as it is."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    contents.discard(actor, EVENT, event, name="event")


def copy_event(actor: Actor, event: Event) -> Event:
    """A new event that says the same, with a programme of its own and nobody registered yet."""
    values = EVENT.load(EVENT.content_of(event))
    name = _("Copie de %(title)s", title=event.name)[:300]
    settings = Settings(
        name=name,
        place=event.place,
        tables=event.tables,
        rooms=event.rooms,
        timezone=event.timezone,
        description=event.description,
    )
    copied = create_event(actor, event.organisation, settings)
    slots = [replace(line, id=None) for line in values["slots"]]
    EVENT.write(copied, {**values, "name": name, "wishes_until": None, "slots": slots})
    return copied


def _check_editable(actor: Actor, event: Event) -> None:
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.EDIT)


def _check_publishable(event: Event) -> None:
    if not event.slots:
        raise InvalidTransition(_("Créez d’abord les créneaux de la journée, puis publiez l’événement."))
    if event.status is EventStatus.DRAFT and event.slots[-1].ends_at <= now():
        raise InvalidTransition(_("Les dates de l’événement sont passées : changez-les, puis publiez-le."))


def _show(event: Event) -> None:
    if event.status is EventStatus.DRAFT:
        event.status = EventStatus.OPEN


PUBLISHING: Publishing[Event] = Publishing(
    spec=EVENT,
    name="event",
    ready=_check_publishable,
    show=_show,
    is_shown=lambda event: event.status is not EventStatus.DRAFT,
    already=_l("Cet événement est déjà public, et rien n’attend d’être publié."),
)
