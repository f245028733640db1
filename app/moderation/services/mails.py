"""Messages of the portal sent again by a moderator."""

from app.audit.services import record
from app.outbox.queries import get_mail
from app.outbox.services import send_again
from app.permissions import Actor, Permission, require


def resend_mail(actor: Actor, mail_id: int) -> None:
    """Try now a message that did not leave, or may not have."""
    require(actor, Permission.MAIL_READ)
    mail = get_mail(mail_id)
    send_again(mail)
    record(actor, "mail.sent_again", mail)
