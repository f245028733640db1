"""Pages of the agenda, one module for each task."""

from app.agenda.views import (  # noqa: F401 - each module adds its pages to the blueprint
    agenda,
    day,
    day_events,
    events,
    meetings,
    organiser,
    participants,
    planning,
    sessions,
    slots,
    versions,
    wishes,
)
from app.agenda.views.blueprint import blueprint

__all__ = ["blueprint"]
