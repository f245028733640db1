"""Rules of the doctrine: studying each step, opening the third, issuing a note of choice."""

from app.doctrine.services.determinations import determine
from app.doctrine.services.notes import issue_note
from app.doctrine.services.routes import buys_as_state, routes_on
from app.doctrine.services.steps import close_step, consider, forget, open_development, reopen_step

__all__ = [
    "buys_as_state",
    "close_step",
    "consider",
    "determine",
    "forget",
    "issue_note",
    "open_development",
    "reopen_step",
    "routes_on",
]
