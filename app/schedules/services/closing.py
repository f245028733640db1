"""An event closed before its time holds nothing any more in calendars; reopened, what is still to come."""

from datetime import datetime

from app.core.clock import now
from app.events.models import Event
from app.meetings.services import resume_sessions, suspend_sessions
from app.schedules.queries.agendas import agenda_of_event
from app.schedules.queries.versions import find_published_with_meetings
from app.schedules.services.notices import write_closed, write_reopened
from app.schedules.services.placing import withdraw


def stop_event(event: Event, moment: datetime, agenda_url: str) -> None:
    """Withdraw the meetings that have not begun, cancel such sessions, and tell everyone."""
    before = agenda_of_event(event.id)
    published = find_published_with_meetings(event.id)
    for placement in [] if published is None else published.placements:
        if placement.starts_at > moment:
            withdraw(placement.meeting, moment)
    suspend_sessions(event, moment)
    write_closed(event, before, agenda_of_event(event.id), agenda_url)


def resume_event(event: Event, closed_at: datetime, agenda_url: str) -> None:
    """Hold again what the closing had withdrawn, not what a side had refused, and tell everyone."""
    published = find_published_with_meetings(event.id)
    for placement in [] if published is None else published.placements:
        meeting = placement.meeting
        if meeting.withdrawn_at == closed_at and placement.starts_at > now():
            meeting.sequence, meeting.changed_at, meeting.withdrawn_at = meeting.sequence + 1, now(), None
    resume_sessions(event, closed_at)
    write_reopened(event, agenda_of_event(event.id), agenda_url)
