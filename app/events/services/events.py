"""Creating and editing an event."""

from dataclasses import asdict
from datetime import date, timedelta

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.content.services import Seen, check_seen
from app.core.db import db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.events.hours import Period, moved, zone_of
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event, EventTeamMember
from app.events.services.programme import check_confirmed, facts_of, tell_changed
from app.events.services.versions import keep_version
from app.events.signals import event_changing
from app.events.spec import EVENT, Settings, check
from app.permissions import Actor, Permission, require


def create_event(
    actor: Actor, organisation: Organisation, settings: Settings, *, is_demo: bool = False, source: str = ""
) -> Event:
    """A new event of an administration, hidden from the public until it is opened; who creates it runs it."""
    require(actor, Permission.EVENT_CREATE, on=organisation)
    if organisation.kind is not OrganisationKind.ADMINISTRATION:
        raise RuleBroken(fields={"organisation_id": _("Seule une administration peut tenir un événement.")})
    check(settings)
    slug = unique_slug(Event.slug, settings.name)
    event = Event(organisation=organisation, slug=slug, is_demo=is_demo, source=source)
    if actor.user_id is not None:
        event.team.append(EventTeamMember(user_id=actor.user_id))
    EVENT.write(event, asdict(settings))
    db.session.add(event)
    flush_for_id()
    record(actor, "event.created", event, name=event.name)
    return event


def edit_event(
    actor: Actor,
    event: Event,
    settings: Settings,
    *,
    seen: Seen | None = None,
    held_on: date | None = None,
    confirmed: bool = False,
    note: str = "",
) -> None:
    """Change the event; another first day in `held_on` moves every slot, at the same local hours. Where a
    schedule is published, a change of hours or place is told to people once the organiser `confirmed`.

    Raises EditConflict when somebody else saved since it was `seen`."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.EDIT)
    check(settings)
    if seen is not None:
        check_seen(EVENT, event, seen, settings.content(seen.content, held_on))
    event_changing.send(event, rooms=settings.rooms)
    before = facts_of(event)
    hours = _moved_hours(event, settings.timezone, held_on)
    moves = any(period != slot.period for slot, period in zip(event.slots, hours, strict=True))
    check_confirmed(event, moves or settings.place != event.place, confirmed)
    for slot, period in zip(event.slots, hours, strict=True):
        slot.starts_at, slot.ends_at = period.starts_at, period.ends_at
    EVENT.write(event, asdict(settings))
    keep_version(actor, event, note=note)
    record(actor, "event.edited", event, moved=moves)
    tell_changed(event, before, hours_changed=moves)


def _moved_hours(event: Event, timezone: str, held_on: date | None) -> list[Period]:
    """The slots' hours from another first day on, or in another zone, at the same local hours."""
    zone, old = zone_of(timezone), event.zone
    shift = held_on - event.days[0] if held_on and event.slots else timedelta()
    try:
        return [
            Period(moved(slot.starts_at, old, zone, shift), moved(slot.ends_at, old, zone, shift))
            for slot in event.slots
        ]
    except RuleBroken as error:
        text = _(
            "À cette date, un créneau tomberait sur une heure qui n’existe pas : %(why)s", why=error.message
        )
        raise RuleBroken(fields={"held_on": text}) from error
