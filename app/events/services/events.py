"""Creating and editing an event and its slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.events.enums import UNDER_WAY, EventStatus
from app.events.models import Event, EventTeamMember, Slot
from app.events.signals import event_changing, programme_moved
from app.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One slot as entered: aware moments; `tables` None means the event's number."""

    starts_at: datetime
    ends_at: datetime
    tables: int | None = None


def create_event(
    actor: Actor,
    *,
    organisation: Organisation,
    name: str,
    place: str,
    tables: int,
    rooms: int = 0,
    timezone: str = "Europe/Paris",
    description: str = "",
    is_demo: bool = False,
    source: str = "",
) -> Event:
    """A new event of an administration, hidden from the public until it is opened; who creates it runs it."""
    require(actor, Permission.EVENT_CREATE, on=organisation)
    if organisation.kind is not OrganisationKind.ADMINISTRATION:
        raise RuleBroken(fields={"organisation_id": _("Seule une administration peut tenir un événement.")})
    _check_zone(timezone)
    event = Event(
        organisation=organisation,
        name=name,
        place=place,
        tables=tables,
        rooms=rooms,
        timezone=timezone,
        description=description,
        is_demo=is_demo,
        source=source,
        slug=unique_slug(Event.slug, name),
    )
    if actor.user_id is not None:
        event.team.append(EventTeamMember(user_id=actor.user_id))
    db.session.add(event)
    flush_for_id()
    record(actor, "event.created", event, name=name)
    return event


def edit_event(
    actor: Actor,
    event: Event,
    *,
    expected_version: int,
    name: str,
    place: str,
    tables: int,
    rooms: int,
    timezone: str,
    description: str = "",
    held_on: date | None = None,
    confirmed: bool = False,
) -> None:
    """Change the event; another day in `held_on` moves every slot, at the same local hours. Where meetings
    are published, once the organiser has `confirmed`, and people are told."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    _check_version(event, expected_version)
    _check_zone(timezone)
    event_changing.send(event, rooms=rooms)
    held_on = held_on or day_of(event)
    specs = _slots_on(event, held_on, ZoneInfo(timezone)) if held_on and event.slots else []
    moved = _moves_meetings(event, specs, confirmed)
    for slot, spec in zip(event.slots, specs, strict=False):
        slot.starts_at, slot.ends_at = spec.starts_at, spec.ends_at
    event.name, event.place, event.description = name, place, description
    event.tables, event.rooms, event.timezone = tables, rooms, timezone
    _save(event)
    record(actor, "event.edited", event, moved=moved)
    if moved:
        programme_moved.send(event)


def open_event(actor: Actor, event: Event) -> None:
    """Show the event to everyone and let its participants ask for meetings."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    if event.status is not EventStatus.DRAFT:
        raise InvalidTransition(_("Cet événement est déjà ouvert."))
    if not event.slots:
        raise InvalidTransition(_("Créez d’abord les créneaux de la journée, puis ouvrez l’événement."))
    event.status = EventStatus.OPEN
    record(actor, "event.opened", event)


def close_event(actor: Actor, event: Event) -> None:
    """End the event: nobody asks, answers or plans any more."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    if event.status not in UNDER_WAY:
        raise InvalidTransition(_("Seul un événement ouvert peut être clos."))
    event.status = EventStatus.CLOSED
    record(actor, "event.closed", event)


def regular_slots(
    *, held_on: date, first_at: time, length_min: int, count: int, pause_min: int, timezone: str
) -> list[SlotSpec]:
    """`count` slots of equal length from `first_at` local time, with a pause between two."""
    _check_zone(timezone)
    start = datetime.combine(held_on, first_at, ZoneInfo(timezone))
    last_end = start.replace(tzinfo=None) + timedelta(minutes=count * (length_min + pause_min) - pause_min)
    if last_end.date() != held_on:
        raise RuleBroken(
            fields={"count": _("La journée déborderait après minuit : réduisez le nombre de créneaux.")}
        )
    step, length = timedelta(minutes=length_min + pause_min), timedelta(minutes=length_min)
    return [SlotSpec(start + step * place, start + step * place + length) for place in range(count)]


def set_slots(
    actor: Actor,
    event: Event,
    slots: Sequence[SlotSpec],
    *,
    expected_version: int | None = None,
    confirmed: bool = False,
) -> list[Slot]:
    """Replace the slots, in order of time. A slot that keeps its place keeps its absences and sessions, and
    the meetings published there: people are told of their new hours, once the organiser has `confirmed`."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    if expected_version is not None:
        _check_version(event, expected_version)
    ordered = sorted(slots, key=lambda slot: slot.starts_at)
    _check_slots(ordered)
    moved = _moves_meetings(event, ordered, confirmed)
    if len(ordered) < len(event.slots):
        _drop_slots(event, len(ordered))
    for position, spec in enumerate(ordered):
        if position < len(event.slots):
            slot = event.slots[position]
            slot.starts_at, slot.ends_at, slot.tables = spec.starts_at, spec.ends_at, spec.tables
        else:
            event.slots.append(
                Slot(position=position, starts_at=spec.starts_at, ends_at=spec.ends_at, tables=spec.tables)
            )
    flag_modified(event, "name")  # the event's version moves with its slots
    _save(event)
    record(actor, "event.slots_set", event, slots=len(ordered), moved=moved)
    if moved:
        programme_moved.send(event)
    return event.slots


def _moves_meetings(event: Event, ordered: Sequence[SlotSpec], confirmed: bool) -> bool:
    """Whether published meetings change their hours. Raises RuleBroken if so and not confirmed."""
    kept = zip(event.slots, ordered, strict=False)
    change = any((slot.starts_at, slot.ends_at) != (spec.starts_at, spec.ends_at) for slot, spec in kept)
    moved = change and event.status is EventStatus.SCHEDULED
    if moved and not confirmed:
        raise RuleBroken(
            fields={"confirmed": _("Des rendez-vous publiés changeraient d’heure : confirmez-le.")}
        )
    return moved


def day_of(event: Event) -> date | None:
    """Day of the first slot, in the event's time zone; None while there is no slot."""
    if not event.slots:
        return None
    return event.slots[0].starts_at.astimezone(ZoneInfo(event.timezone)).date()


def _slots_on(event: Event, held_on: date, zone: ZoneInfo) -> list[SlotSpec]:
    """The slots on another day or in another zone, at the same local hours."""
    old_zone = ZoneInfo(event.timezone)
    shift = held_on - event.slots[0].starts_at.astimezone(old_zone).date()

    def moved(moment: datetime) -> datetime:
        return (moment.astimezone(old_zone).replace(tzinfo=None) + shift).replace(tzinfo=zone)

    return [SlotSpec(moved(slot.starts_at), moved(slot.ends_at), slot.tables) for slot in event.slots]


def _drop_slots(event: Event, kept: int) -> None:
    try:
        with db.session.begin_nested():
            del event.slots[kept:]
            flush_for_id()
    except IntegrityError as error:
        message = _(
            "Un créneau à supprimer porte déjà une session ou des rendez-vous : déplacez-les d’abord."
        )
        raise RuleBroken(message) from error


def _check_slots(ordered: Sequence[SlotSpec]) -> None:
    for slot in ordered:
        if slot.ends_at <= slot.starts_at:
            raise RuleBroken(_("Un créneau finit avant d’avoir commencé : corrigez ses heures."))
        if slot.tables is not None and slot.tables < 0:
            raise RuleBroken(_("Le nombre de tables d’un créneau ne peut pas être négatif."))
    for before, after in pairwise(ordered):
        if after.starts_at < before.ends_at:
            raise RuleBroken(_("Deux créneaux se chevauchent : corrigez leurs heures."))


def _check_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RuleBroken(fields={"timezone": _("Ce fuseau horaire est inconnu.")}) from error


def _stale() -> Conflict:
    return Conflict(_("Cet événement a été modifié entre-temps par une autre personne."))


def _check_version(event: Event, expected_version: int) -> None:
    if event.version != expected_version:
        raise _stale()


def _save(event: Event) -> None:
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise _stale() from error
