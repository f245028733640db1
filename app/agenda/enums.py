"""States of events, requests, invitations and schedules."""

import enum


class EventStatus(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    SCHEDULED = "scheduled"
    CLOSED = "closed"


UNDER_WAY = (EventStatus.OPEN, EventStatus.SCHEDULED)
"""Shown to everyone and not closed."""


class Side(enum.StrEnum):
    ADMINISTRATION = "administration"
    VENDOR = "vendor"


class RequestState(enum.StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class InvitationState(enum.StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PairRuleKind(enum.StrEnum):
    PINNED = "pinned"
    FORBIDDEN = "forbidden"


class VersionState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class SolverStatus(enum.StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


class DayEventKind(enum.StrEnum):
    NO_SHOW = "no_show"
    LATE = "late"
    LOST_TABLES = "lost_tables"
    NEWCOMER = "newcomer"
