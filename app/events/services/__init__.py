"""Rules of the events: `events` (settings and programme), `delegations`."""

from app.events.services.delegations import add_delegation, edit_delegation, remove_delegation
from app.events.services.events import (
    SlotSpec,
    close_event,
    create_event,
    edit_event,
    open_event,
    regular_slots,
    set_slots,
)

__all__ = [
    "SlotSpec",
    "add_delegation",
    "close_event",
    "create_event",
    "edit_delegation",
    "edit_event",
    "open_event",
    "regular_slots",
    "remove_delegation",
    "set_slots",
]
