"""Rules of the agenda: `events`, `delegations`, `meetings` (requests and pair rules), `sessions`,
`planning`, `publishing`, `studies`, `days` and `repairs` (the day itself), `notices` (what participants are
told)."""

from app.agenda.services.days import (
    forget_event,
    record_late_arrival,
    record_lost_tables,
    record_newcomer,
    record_no_show,
)
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
from app.agenda.services.meetings import (
    answer_request,
    remove_pair_rule,
    request_meeting,
    set_pair_rule,
    withdraw_request,
)
from app.agenda.services.planning import cancel_run, generate_schedule, record_schedule, solver_inputs
from app.agenda.services.publishing import conflicts_of, discard_version, publish_schedule
from app.agenda.services.repairs import fill_freed_slots, repair_inputs, repair_with_moves
from app.agenda.services.sessions import answer_invitation, cancel_session, lead_session
from app.agenda.services.studies import record_study, start_study, study_inputs

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
    "discard_version",
    "edit_delegation",
    "edit_event",
    "fill_freed_slots",
    "forget_event",
    "generate_schedule",
    "lead_session",
    "open_event",
    "publish_schedule",
    "record_late_arrival",
    "record_lost_tables",
    "record_newcomer",
    "record_no_show",
    "record_schedule",
    "record_study",
    "regular_slots",
    "remove_delegation",
    "remove_pair_rule",
    "repair_inputs",
    "repair_with_moves",
    "request_meeting",
    "set_pair_rule",
    "set_slots",
    "solver_inputs",
    "start_study",
    "study_inputs",
    "withdraw_request",
]
