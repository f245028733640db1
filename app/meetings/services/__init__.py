"""Rules of the meetings: `wishes` (one to one), `rules` (the organiser's word on a pair), `sessions`."""

from app.meetings.services.rules import remove_pair_rule, set_pair_rule
from app.meetings.services.sessions import (
    answer_invitation,
    cancel_session,
    lead_session,
    move_sessions,
    resume_sessions,
    suspend_sessions,
)
from app.meetings.services.wishes import answer_request, refuse_meeting, request_meeting, withdraw_request

__all__ = [
    "answer_invitation",
    "answer_request",
    "cancel_session",
    "lead_session",
    "move_sessions",
    "refuse_meeting",
    "remove_pair_rule",
    "request_meeting",
    "resume_sessions",
    "set_pair_rule",
    "suspend_sessions",
    "withdraw_request",
]
