"""What writing an event does to people, known before it is done: slots that move or leave, another place or
day, absences that follow."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.events.enums import EventStatus
from app.events.hours import Period, zone_of
from app.events.models import Delegation, Event, Slot
from app.events.services.absences import following, move_absences
from app.events.signals import (
    Announced,
    EventFacts,
    event_announcing,
    event_changed,
    event_changing,
    slot_leaving,
)
from app.events.spec import check, matched, periods_of


@dataclass(frozen=True, slots=True)
class Plan:
    """`kept`: each slot that stays, with when it will be; `days`: the local days of the whole programme;
    `absences`: those that follow it, with when they will be."""

    event: Event
    place: str
    zone: ZoneInfo
    rooms: int
    kept: Mapping[Slot, Period]
    gone: tuple[Slot, ...]
    days: tuple[date, ...]
    absences: Mapping[Delegation, list[Period]]

    @property
    def moved(self) -> list[Slot]:
        return [slot for slot, span in self.kept.items() if span != slot.period]

    @property
    def facts(self) -> EventFacts:
        return EventFacts(self.place, self.zone.key, self.days)

    @property
    def needs_confirming(self) -> bool:
        """Whether what people have received would change."""
        changes = bool(self.moved) or self.place != self.event.place
        return changes and self.event.status is EventStatus.SCHEDULED


def planned(event: Event, values: Mapping[str, Any]) -> Plan:
    """What these values would make of the event. Raises RuleBroken where they cannot be, or where another
    domain objects."""
    check(values)
    periods, zone = periods_of(values), zone_of(values["timezone"])
    known = matched(event, values["slots"], periods)
    kept = {slot: periods[rank] for rank, slot in known.items()}
    starts = {slot.starts_at: span.starts_at for slot, span in kept.items()}
    plan = Plan(
        event,
        values["place"].strip(),
        zone,
        values["rooms"] or 0,
        kept,
        tuple(slot for slot in event.slots if slot not in known.values()),
        tuple(sorted({span.starts_at.astimezone(zone).date() for span in periods})),
        following(event, starts, event.zone, zone),
    )
    _check_to_come([*plan.moved, *plan.gone])
    event_changing.send(event, rooms=plan.rooms)
    for slot in plan.gone:
        slot_leaving.send(slot)
    return plan


def facts_of(event: Event) -> EventFacts:
    return EventFacts(event.place, event.timezone, tuple(event.days))


def announced(plan: Plan) -> Announced:
    """Whom publishing it would write to, and what it takes along: what `carry_out` then does."""
    answers = event_announcing.send(plan.event, moved=plan.moved, facts=plan.facts)
    told: Announced = next((part for _receiver, part in answers), Announced((), ()))
    absences = ngettext(
        "Les indisponibilités de %(num)s délégation suivent leur jour, aux mêmes heures.",
        "Les indisponibilités de %(num)s délégations suivent leur jour, aux mêmes heures.",
        len(plan.absences),
    )
    return Announced(told.people, (*told.consequences, *([absences] if plan.absences else ())))


@contextmanager
def carry_out(plan: Plan) -> Iterator[None]:
    """Write the event within; then absences follow their days, and the other domains tell people."""
    event = plan.event
    before, moved = facts_of(event), bool(plan.moved)
    yield
    absences = move_absences(plan.absences)
    if moved or facts_of(event) != before:
        event_changed.send(event, before=before, absences=absences)


def _check_to_come(slots: Sequence[Slot]) -> None:
    """What has begun is history."""
    if any(slot.event.status is not EventStatus.DRAFT and slot.starts_at <= now() for slot in slots):
        raise RuleBroken(_("Un créneau qui a commencé ne change plus : laissez-le tel quel."))
