"""Closing and reopening an event, and its wishes; publishing opens it."""

from datetime import datetime

from app.audit.services import record
from app.content.services import add_version, revise
from app.core.clock import now
from app.events.enums import EventStatus
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.spec import EVENT, local
from app.permissions import Actor, Permission, require


def close_event(actor: Actor, event: Event) -> None:
    """End the event before its time: nobody asks, answers or plans any more, until it is reopened."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.CLOSE)
    event.was_scheduled = event.status is EventStatus.SCHEDULED
    event.status = EventStatus.CLOSED
    record(actor, "event.closed", event)


def reopen_event(actor: Actor, event: Event) -> None:
    """Take a closing back: the event is again what it was, its published schedule included."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.REOPEN)
    event.status = EventStatus.SCHEDULED if event.was_scheduled else EventStatus.OPEN
    event.was_scheduled = False
    record(actor, "event.reopened", event)


def close_wishes(actor: Actor, event: Event) -> None:
    """Take no more wishes from now on; those received may still be answered."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.WISH)
    _hear_until(actor, event, now())
    record(actor, "event.wishes_closed", event)


def reopen_wishes(actor: Actor, event: Event) -> None:
    """Take wishes again, until the last slot."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.ANSWER)
    _hear_until(actor, event, None)
    record(actor, "event.wishes_reopened", event)


def _hear_until(actor: Actor, event: Event, moment: datetime | None) -> None:
    """At once, and in the draft too: publishing it must not undo this."""
    values = {**EVENT.load(EVENT.content_of(event)), "wishes_until": local(moment, event.zone)}
    revise(EVENT, event, EVENT.dump(values))
    add_version(actor, EVENT, event)
