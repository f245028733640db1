"""Closing and reopening an event, and its wishes; publishing opens it."""

from datetime import datetime

from app.audit.services import record
from app.content.services import add_version, revise, save
from app.core.clock import now
from app.events.enums import EventStatus
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.signals import event_closed, event_reopened
from app.events.spec import EVENT, local
from app.permissions import Actor, Permission, require


def close_event(actor: Actor, event: Event) -> None:
    """End the event before its time: nobody asks, answers or plans any more, what was to come takes place no
    more, and people are told, until it is reopened."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.CLOSE)
    event.was_scheduled = event.status is EventStatus.SCHEDULED
    event.status, event.closed_at = EventStatus.CLOSED, now()
    save(event)
    record(actor, "event.closed", event)
    event_closed.send(event, at=event.closed_at)


def reopen_event(actor: Actor, event: Event) -> None:
    """Take a closing back: the event is again what it was, its published schedule included as far as it is
    still to come, and people are told."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.REOPEN)
    closed_at = event.closed_at
    event.status = EventStatus.SCHEDULED if event.was_scheduled else EventStatus.OPEN
    event.was_scheduled, event.closed_at = False, None
    save(event)
    record(actor, "event.reopened", event)
    event_reopened.send(event, closed_at=closed_at)


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
