"""What other domains may listen to, in the transaction of the change.

The sender is the row; a receiver of "about to" raises what forbids it."""

from dataclasses import dataclass
from datetime import date

from blinker import Signal


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What people were told of an event: where, and on which local days."""

    place: str
    timezone: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Announced:
    """Whom a publication would write to, by name, and what it takes along, in words."""

    people: tuple[str, ...]
    consequences: tuple[str, ...]


event_changing = Signal("An event is about to be edited, with its new number of `rooms`.")
slot_leaving = Signal("A slot is about to be removed.")
delegation_leaving = Signal("A delegation is about to be removed.")
event_announcing = Signal(
    "What publishing an event would tell people: slots `moved`, new `facts`; a receiver answers `Announced`."
)
event_changed = Signal(
    "Hours, place or zone of an event changed; `before` holds its former `EventFacts`, `absences` the times "
    "of those that followed, by delegation."
)
event_closed = Signal("An event was closed before its time, `at` that moment.")
event_reopened = Signal("An event that was closed at `closed_at` is what it was again.")
