"""Rules of the events: `events` (settings), `states`, `programme` (slots), `delegations`, `locks`."""

from app.events.services.delegations import (
    Terms,
    add_delegation,
    edit_delegation,
    remove_delegation,
    why_not_remove,
)
from app.events.services.events import create_event, edit_event
from app.events.services.programme import SlotSpec, facts_of, regular_slots, set_slots
from app.events.services.states import close_event, close_wishes, open_event, reopen_event, reopen_wishes
from app.events.spec import Settings

__all__ = [
    "Settings",
    "SlotSpec",
    "Terms",
    "add_delegation",
    "close_event",
    "close_wishes",
    "create_event",
    "edit_delegation",
    "edit_event",
    "facts_of",
    "open_event",
    "regular_slots",
    "remove_delegation",
    "reopen_event",
    "reopen_wishes",
    "set_slots",
    "why_not_remove",
]
