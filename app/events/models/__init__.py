"""Models of the events: `events` (programme, delegations), `days` (what happens while an event runs)."""

from app.events.models.days import DayEvent
from app.events.models.events import (
    Absence,
    Delegation,
    Event,
    EventDraft,
    EventTeamMember,
    EventVersion,
    Slot,
    delegation_key,
    event_key,
)

__all__ = [
    "Absence",
    "DayEvent",
    "Delegation",
    "Event",
    "EventDraft",
    "EventTeamMember",
    "EventVersion",
    "Slot",
    "delegation_key",
    "event_key",
]
