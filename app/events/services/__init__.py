"""Rules of the events: `events` (writing and publishing them), `plans` (what that does to people),
`programme` (slots), `absences`, `states`, `delegations`, `team`."""

from app.events.services.delegations import (
    add_delegation,
    edit_delegation,
    remove_delegation,
    why_not_remove,
)
from app.events.services.events import (
    autosave_event,
    copy_event,
    create_event,
    discard_draft,
    publish_event,
    save_event,
)
from app.events.services.plans import announced, facts_of, planned
from app.events.services.programme import SlotSpec, regular_slots, set_slots, with_day, with_slots
from app.events.services.states import close_event, close_wishes, reopen_event, reopen_wishes
from app.events.spec import Settings, Terms

__all__ = [
    "Settings",
    "SlotSpec",
    "Terms",
    "add_delegation",
    "announced",
    "autosave_event",
    "close_event",
    "close_wishes",
    "copy_event",
    "create_event",
    "discard_draft",
    "edit_delegation",
    "facts_of",
    "planned",
    "publish_event",
    "regular_slots",
    "remove_delegation",
    "reopen_event",
    "reopen_wishes",
    "save_event",
    "set_slots",
    "why_not_remove",
    "with_day",
    "with_slots",
]
