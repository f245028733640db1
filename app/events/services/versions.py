"""The versions of an event: what people could read of it, when, and who changed it."""

from app.content.services import add_version, save
from app.events.enums import EventStatus
from app.events.models import Event
from app.events.spec import EVENT
from app.permissions import Actor


def keep_version(actor: Actor, event: Event, *, note: str = "") -> None:
    """Save the event, and number what it says now as a version where people can read it.

    Raises Conflict when somebody else saved since the row was read."""
    if event.status is EventStatus.DRAFT:
        save(event)
    else:
        add_version(actor, EVENT, event, note=note)
