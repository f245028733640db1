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


event_changing = Signal("An event is about to be edited, with its new number of `rooms`.")
slot_leaving = Signal("A slot is about to be removed.")
delegation_leaving = Signal("A delegation is about to be removed.")
event_changed = Signal("Hours, place or zone of an event changed; `before` holds its former `EventFacts`.")
