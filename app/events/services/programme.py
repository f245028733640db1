"""The programme of an event: its slots, over one day or several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from app.audit.services import record
from app.core.clock import now
from app.core.db import db
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import EventStatus
from app.events.hours import Period, instant, zone_of
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event, Slot
from app.events.services.locks import check_version
from app.events.services.versions import keep_version
from app.events.signals import EventFacts, event_changed, slot_leaving
from app.permissions import Actor, Permission, require

LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """One slot as entered: aware moments; `tables` None means the event's number; `id` of the slot it
    changes, None for the one that already starts then, else a new one."""

    starts_at: datetime
    ends_at: datetime
    tables: int | None = None
    id: int | None = None

    @property
    def period(self) -> Period:
        return Period(self.starts_at.astimezone(UTC), self.ends_at.astimezone(UTC))


def regular_slots(
    *, held_on: date, first_at: time, length_min: int, count: int, pause_min: int, timezone: str
) -> list[SlotSpec]:
    """`count` slots of equal length from `first_at` local time, with a pause between two: so many minutes
    that pass, whatever clocks do that night."""
    start = instant(held_on, first_at, zone_of(timezone))
    step, length = timedelta(minutes=length_min + pause_min), timedelta(minutes=length_min)
    return [SlotSpec(start + step * place, start + step * place + length) for place in range(count)]


def set_slots(
    actor: Actor,
    event: Event,
    slots: Sequence[SlotSpec],
    *,
    revision: int | None = None,
    confirmed: bool = False,
) -> list[Slot]:
    """Make these the slots of the event. One that stays keeps its sessions and meetings, whatever its hours,
    and no other slot moves; people hear of published hours that change, once the organiser `confirmed`."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.EDIT)
    if revision is not None:
        check_version(event.revision, revision)
    ordered = sorted(slots, key=lambda spec: spec.starts_at)
    _check(ordered)
    kept = _matched(event, ordered)
    before, moved = facts_of(event), [slot for slot, spec in kept.items() if spec.period != slot.period]
    gone = [slot for slot in event.slots if slot not in kept]
    _check_to_come([*moved, *gone])
    check_confirmed(event, bool(moved), confirmed)
    for slot in gone:
        slot_leaving.send(slot)
    _write(event, kept, [spec for spec in ordered if spec not in kept.values()])
    keep_version(actor, event)
    record(actor, "event.slots_set", event, slots=len(ordered), moved=bool(moved))
    tell_changed(event, before, hours_changed=bool(moved))
    return event.slots


def facts_of(event: Event) -> EventFacts:
    return EventFacts(event.place, event.timezone, tuple(event.days))


def check_confirmed(event: Event, changes: bool, confirmed: bool) -> None:
    """Raise RuleBroken where what people have received would change and the organiser has not said yes."""
    if changes and not confirmed and event.status is EventStatus.SCHEDULED:
        text = _("Des rendez-vous publiés changeraient d’heure ou de lieu : confirmez-le.")
        raise RuleBroken(fields={"confirmed": text})


def tell_changed(event: Event, before: EventFacts, *, hours_changed: bool) -> None:
    """Let the other domains follow what changed for people."""
    if hours_changed or facts_of(event) != before:
        event_changed.send(event, before=before)


def _matched(event: Event, specs: Sequence[SlotSpec]) -> dict[Slot, SlotSpec]:
    """The slots that stay, each with what is said of it: by identifier, else by the moment they start."""
    by_id = {slot.id: slot for slot in event.slots}
    kept = {by_id[spec.id]: spec for spec in specs if spec.id in by_id}
    by_start = {slot.starts_at: slot for slot in event.slots if slot not in kept}
    for spec in specs:
        if spec.id not in by_id and spec.period.starts_at in by_start:
            kept[by_start[spec.period.starts_at]] = spec
    return kept


def _write(event: Event, kept: dict[Slot, SlotSpec], new: Sequence[SlotSpec]) -> None:
    for slot, spec in kept.items():
        slot.starts_at, slot.ends_at, slot.tables = spec.period.starts_at, spec.period.ends_at, spec.tables
    event.slots = [
        *kept,
        *(Slot(starts_at=s.period.starts_at, ends_at=s.period.ends_at, tables=s.tables) for s in new),
    ]
    db.session.flush()
    db.session.expire(event, ["slots"])  # read again in the order of time


def _check(ordered: Sequence[SlotSpec]) -> None:
    for slot in ordered:
        if slot.period.ends_at <= slot.period.starts_at:
            raise RuleBroken(_("Un créneau finit avant d’avoir commencé : corrigez ses heures."))
        if slot.period.ends_at - slot.period.starts_at > LONGEST:
            raise RuleBroken(_("Un créneau dure plus de 12 heures : corrigez ses heures."))
        if slot.tables is not None and slot.tables < 0:
            raise RuleBroken(_("Le nombre de tables d’un créneau ne peut pas être négatif."))
    for before, after in pairwise(ordered):
        if after.period.starts_at < before.period.ends_at:
            raise RuleBroken(_("Deux créneaux se chevauchent : corrigez leurs heures."))


def _check_to_come(slots: Sequence[Slot]) -> None:
    """What has begun is history."""
    if any(slot.event.status is not EventStatus.DRAFT and slot.starts_at <= now() for slot in slots):
        raise RuleBroken(_("Un créneau qui a commencé ne change plus : laissez-le tel quel."))
