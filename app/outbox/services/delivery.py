"""Handing one message to the relay, and saying exactly what is known of it afterwards."""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_mailman import EmailMessage
from flask_mailman.backends.file import ImproperlyConfigured
from flask_mailman.backends.smtp import EmailBackend
from flask_mailman.message import BadHeaderError, sanitize_address

from app.outbox.enums import MailState

ACCEPTED = range(200, 300)
REFUSED = range(500, 600)


@dataclass(frozen=True, slots=True)
class Outcome:
    """SENT, WAITING (to be tried later), FAILED (refused for good) or UNSURE; why, in the relay's words."""

    state: MailState
    error: str = ""


def deliver(message: EmailMessage, handing: Callable[[], None]) -> Outcome:
    """Send it once. `handing` is called just before its text leaves: from then on a silence may hide an
    acceptance, and before it never does."""
    connection: Any = None
    try:
        connection = message.get_connection()
        if not isinstance(connection, EmailBackend):  # a file, or the memory of a test: no relay to ask
            handing()
            connection.send_messages([message])
            return Outcome(MailState.SENT)
        connection.open()
        return _over_smtp(connection, message, handing)
    except (BadHeaderError, UnicodeError, ValueError) as error:
        return Outcome(MailState.FAILED, _said(error))
    except (OSError, smtplib.SMTPException, ImproperlyConfigured) as error:
        return Outcome(MailState.WAITING, _said(error))
    finally:
        with suppress(OSError, smtplib.SMTPException):
            if connection is not None:
                connection.close()


def _over_smtp(connection: Any, message: EmailMessage, handing: Callable[[], None]) -> Outcome:
    relay: smtplib.SMTP = connection.connection
    text = message.message().as_bytes(linesep="\r\n")
    sender, recipient = (
        sanitize_address(address, "utf-8") for address in (message.from_email, message.recipients()[0])
    )
    relay.ehlo_or_helo_if_needed()
    for code, reply in (relay.mail(sender), relay.rcpt(recipient)):
        if code not in ACCEPTED:
            return _refusal(code, reply)
    handing()
    try:
        code, reply = relay.data(text)
    except smtplib.SMTPDataError as error:  # it answered before the text left
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(MailState.UNSURE, _said(error))
    return Outcome(MailState.SENT) if code in ACCEPTED else _refusal(code, reply)


def _refusal(code: int, reply: bytes | str) -> Outcome:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return Outcome(MailState.FAILED if code in REFUSED else MailState.WAITING, f"{code} {text}"[:500])


def _said(error: Exception) -> str:
    return f"{type(error).__name__} : {error}"[:500]
