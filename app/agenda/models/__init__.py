"""Models of the agenda: `events` (what people enter), `schedules` (what the solver answers), `days` (what
happens while the event runs)."""

from app.agenda.models.days import DayEvent
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
from app.agenda.models.schedules import Meeting, ScheduleRun, ScheduleStudy, ScheduleVersion

__all__ = [
    "Absence",
    "DayEvent",
    "Delegation",
    "Event",
    "GroupSession",
    "Invitation",
    "Meeting",
    "MeetingRequest",
    "PairRule",
    "ScheduleRun",
    "ScheduleStudy",
    "ScheduleVersion",
    "Slot",
]
