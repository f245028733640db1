"""Rules of the meetings: `wishes` (one to one), `rules` (the organiser's word on a pair), `sessions`."""

from app.meetings.services.rules import remove_pair_rule, set_pair_rule
from app.meetings.services.sessions import answer_invitation, cancel_session, lead_session, move_sessions
from app.meetings.services.wishes import answer_request, request_meeting, withdraw_request

__all__ = [
    "answer_invitation",
    "answer_request",
    "cancel_session",
    "lead_session",
    "move_sessions",
    "remove_pair_rule",
    "request_meeting",
    "set_pair_rule",
    "withdraw_request",
]
