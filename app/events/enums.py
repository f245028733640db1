"""States of events, sides, and what may happen on the day."""

import enum


class EventStatus(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    SCHEDULED = "scheduled"
    CLOSED = "closed"


LIVE = (EventStatus.OPEN, EventStatus.SCHEDULED)
"""Shown to everyone and not closed by its organiser; see `lifecycle` for what time adds."""


class Side(enum.StrEnum):
    ADMINISTRATION = "administration"
    VENDOR = "vendor"


class DayEventKind(enum.StrEnum):
    NO_SHOW = "no_show"
    LATE = "late"
    LOST_TABLES = "lost_tables"
    NEWCOMER = "newcomer"
