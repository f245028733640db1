"""Mail, sent by a background job once the change it tells of has committed, and tried again when it fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask_mailman import EmailMessage

from app.core.jobs import Job, Lane, enqueue, handler

_muted: ContextVar[bool] = ContextVar("mail_muted", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """Write to nobody within the block: loading data must not wake the people it speaks of."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def send_mail(*, to: list[str], subject: str, body: str) -> None:
    """One message to each address, so that nobody sees who else received it."""
    for address in [] if _muted.get() else to:
        enqueue("mail", to=address, subject=subject, body=body)


@handler("mail", lane=Lane.MAIL)
def _deliver(job: Job) -> None:
    EmailMessage(subject=job.payload["subject"], body=job.payload["body"], to=[job.payload["to"]]).send()
