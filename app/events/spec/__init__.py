"""What organisers write: `events` (settings and programme), `delegations`; `fields`, the kinds of fields."""

from app.events.spec.delegations import DELEGATION, Terms
from app.events.spec.events import (
    EVENT,
    MOST_ROOMS,
    MOST_TABLES,
    Settings,
    check,
    matched,
    periods_of,
)
from app.events.spec.fields import Line, Moment, Programme, Spans, is_possible, lines_of, local

__all__ = [
    "DELEGATION",
    "EVENT",
    "MOST_ROOMS",
    "MOST_TABLES",
    "Line",
    "Moment",
    "Programme",
    "Settings",
    "Spans",
    "Terms",
    "check",
    "is_possible",
    "lines_of",
    "local",
    "matched",
    "periods_of",
]
