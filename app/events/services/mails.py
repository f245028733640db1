"""Messages of an event sent again by its team."""

from app.audit.services import record
from app.events.models import Event
from app.outbox.queries import get_mail
from app.outbox.services import send_again
from app.permissions import Actor, Permission, require


def resend_event_mail(actor: Actor, event: Event, mail_id: int) -> None:
    """Try now a message of this event that did not leave, or may not have."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    mail = get_mail(mail_id, event_id=event.id)
    send_again(mail)
    record(actor, "mail.sent_again", mail, event_id=event.id)
