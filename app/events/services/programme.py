"""Programmes to be written: slots of equal length, those of a day, those said one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.content.queries import working_content
from app.content.spec import Content
from app.events.hours import Period, instant, zone_of
from app.events.models import Event
from app.events.services.events import save_event
from app.events.spec import EVENT, lines_of, periods_of
from app.permissions import Actor


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


def with_slots(content: Content, specs: Sequence[SlotSpec]) -> Content:
    """The content with these slots instead of its own."""
    values = EVENT.load(content)
    spans = [(spec.period, spec.tables, spec.id) for spec in specs]
    values["held_on"], values["slots"] = lines_of(spans, zone_of(values["timezone"]))
    return EVENT.dump(values)


def with_day(content: Content, day: date, specs: Sequence[SlotSpec]) -> Content:
    """The content with these slots instead of those of one local day; the other days keep theirs."""
    values = EVENT.load(content)
    zone = zone_of(values["timezone"])
    others = [
        SlotSpec(span.starts_at, span.ends_at, line.tables, line.id)
        for line, span in zip(values["slots"], periods_of(values), strict=True)
        if span.starts_at.astimezone(zone).date() != day
    ]
    return with_slots(content, [*others, *_known(values, specs)])


def set_slots(actor: Actor, event: Event, specs: Sequence[SlotSpec]) -> None:
    """Write these as the slots of the event, or of its draft once it is public."""
    save_event(actor, event, with_slots(working_content(EVENT, event), specs))


def _known(values: Mapping[str, Any], specs: Sequence[SlotSpec]) -> list[SlotSpec]:
    """Each slot with the identity of the one that starts at its moment, if one does."""
    starts = {span.starts_at: line.id for line, span in zip(values["slots"], periods_of(values), strict=True)}
    return [SlotSpec(s.starts_at, s.ends_at, s.tables, s.id or starts.get(s.period.starts_at)) for s in specs]
