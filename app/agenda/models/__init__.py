"""Models of the agenda: `events` (what people enter) and `schedules` (what the solver answers)."""

from app.agenda.models.events import (
    Absence,
    Delegation,
    Event,
    GroupSession,
    Invitation,
    MeetingRequest,
    PairRule,
    Slot,
)
from app.agenda.models.schedules import Meeting, ScheduleRun, ScheduleVersion

__all__ = [
    "Absence",
    "Delegation",
    "Event",
    "GroupSession",
    "Invitation",
    "Meeting",
    "MeetingRequest",
    "PairRule",
    "ScheduleRun",
    "ScheduleVersion",
    "Slot",
]
