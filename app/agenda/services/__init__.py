"""Rules of the agenda: `events`, `delegations`, `meetings` (requests and pair rules), `sessions`,
`planning`, `notices` (what participants are told)."""

from app.agenda.services.delegations import add_delegation, edit_delegation, remove_delegation
from app.agenda.services.events import (
    SlotSpec,
    close_event,
    create_event,
    edit_event,
    open_event,
    regular_slots,
    set_slots,
)
from app.agenda.services.meetings import answer_request, remove_pair_rule, request_meeting, set_pair_rule
from app.agenda.services.planning import (
    cancel_run,
    conflicts_of,
    generate_schedule,
    publish_schedule,
    record_schedule,
)
from app.agenda.services.sessions import answer_invitation, cancel_session, lead_session

__all__ = [
    "SlotSpec",
    "add_delegation",
    "answer_invitation",
    "answer_request",
    "cancel_run",
    "cancel_session",
    "close_event",
    "conflicts_of",
    "create_event",
    "edit_delegation",
    "edit_event",
    "generate_schedule",
    "lead_session",
    "open_event",
    "publish_schedule",
    "record_schedule",
    "regular_slots",
    "remove_delegation",
    "remove_pair_rule",
    "request_meeting",
    "set_pair_rule",
    "set_slots",
]
