"""Opening, closing and reopening an event, and its wishes."""

from app.audit.services import record
from app.core.clock import now
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.events.enums import EventStatus
from app.events.lifecycle import Act, require_allowed
from app.events.models import Event
from app.events.services.versions import keep_version
from app.permissions import Actor, Permission, require


def open_event(actor: Actor, event: Event) -> None:
    """Show the event to everyone and let its participants ask for meetings."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.OPEN)
    if not event.slots:
        raise InvalidTransition(_("Créez d’abord les créneaux de la journée, puis ouvrez l’événement."))
    if event.slots[-1].ends_at <= now():
        raise InvalidTransition(_("Les dates de l’événement sont passées : changez-les, puis ouvrez-le."))
    event.status = EventStatus.OPEN
    keep_version(actor, event)
    record(actor, "event.opened", event)


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
    event.wishes_until = now()
    keep_version(actor, event)
    record(actor, "event.wishes_closed", event)


def reopen_wishes(actor: Actor, event: Event) -> None:
    """Take wishes again, until the last slot."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.ANSWER)
    event.wishes_until = None
    keep_version(actor, event)
    record(actor, "event.wishes_reopened", event)
