"""Sending what waits: claimed and committed before a word is said to the relay, the outcome committed after.

What the relay accepted is never sent twice; what may have been accepted is said, and left to a person."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from flask_mailman import EmailMessage

from app.core.clock import now
from app.core.db import db, rollback, unit_of_work
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.core.jobs.handlers import ATTEMPTS, delay_after
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.outbox.services.delivery import Outcome, deliver
from app.outbox.services.drawing import drawn_text

log = structlog.get_logger()
Claim = tuple[sa.ColumnElement[bool], ...]
SILENT_AFTER = timedelta(minutes=5)  # longer than a relay's slowest answer (SMTP_TIMEOUT_S)


def send_next() -> bool:
    """Send the message that has waited longest among those that are due; whether there was one."""
    _recover()
    due = sa.select(Mail.id).where(Mail.state == MailState.WAITING, Mail.due_at <= now())
    mail_id = db.session.scalars(due.order_by(Mail.due_at, Mail.id).limit(1)).first()
    rollback()  # no transaction stays open while the relay is asked
    if mail_id is None:
        return False
    claim = Mail.id == mail_id, Mail.state == MailState.WAITING
    moment = now()
    if _change(*claim, state=MailState.SENDING, claimed_at=moment, handed_at=None):
        mine = Mail.id == mail_id, Mail.state == MailState.SENDING, Mail.claimed_at == moment
        message = _message(mail_id)
        if message is None:
            _change(*mine, state=MailState.FAILED, error=_("ce message n’a plus d’objet"))
        else:
            _conclude(mail_id, mine, deliver(message, partial(_hand, mine)))
    return True


def send_again(mail: Mail) -> None:
    """Try a message now that failed, waits, or may not have arrived. Raises InvalidTransition for one that
    was accepted, is leaving, or whose text is no longer kept."""
    if mail.state in (MailState.SENT, MailState.SENDING):
        raise InvalidTransition(_("Ce message est déjà parti."))
    if not (mail.body or mail.drawn_by):
        raise InvalidTransition(_("Le texte de ce message n’est plus gardé : refaites la demande."))
    mail.state, mail.due_at, mail.attempts, mail.error = MailState.WAITING, now(), 0, ""


def take_back(drawn_by: str, ids: Collection[int]) -> None:
    """Do not send what waits for these rows: they are about to be no more, and a database may give their
    numbers again."""
    waits = Mail.state == MailState.WAITING, Mail.drawn_by == drawn_by, Mail.drawn_id.in_(ids)
    db.session.execute(
        sa.update(Mail)
        .where(*waits)
        .values(state=MailState.FAILED, error=_("ce message n’a plus d’objet"))
        .execution_options(synchronize_session=False)
    )


def _message(mail_id: int) -> EmailMessage | None:
    """None when what it was to say no longer matters."""
    mail = db.session.get_one(Mail, mail_id)
    headers = {"Message-ID": mail.message_id, "Content-Language": mail.language}
    message = EmailMessage(subject=mail.subject, body=mail.body, to=[mail.recipient], headers=headers)
    drawn_by, drawn_id = mail.drawn_by, mail.drawn_id
    rollback()
    if drawn_id is not None:
        text = drawn_text(drawn_by, drawn_id)
        if text is None:
            return None
        message.body = text
    return message


def _hand(mine: Claim) -> None:
    if not _change(*mine, handed_at=now()):
        raise OSError("another worker took this message over")


def _conclude(mail_id: int, mine: Claim, outcome: Outcome) -> None:
    mail = db.session.get_one(Mail, mail_id)
    attempts, erase = mail.attempts + 1, not mail.keep_body and outcome.state is not MailState.WAITING
    rollback()
    state = outcome.state
    if state is MailState.WAITING and attempts >= ATTEMPTS:
        state = MailState.FAILED
    values: dict[str, Any] = {"state": state, "attempts": attempts, "error": outcome.error}
    if state is MailState.SENT:
        values["sent_at"] = now()
    if erase:
        values["body"] = ""
    if state is MailState.WAITING:
        values["due_at"] = now() + delay_after(attempts)
    if state is not MailState.SENT:
        log.warning("mail not sent", mail_id=mail_id, state=state.value, why=outcome.error)
    _change(*mine, **values)


def _change(*expected: sa.ColumnElement[bool], **values: Any) -> bool:
    """Change the row in a short transaction of its own, if it is still as expected."""
    with unit_of_work() as session:
        found = session.execute(sa.update(Mail).where(*expected).values(**values))
    return bool(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult


def _recover() -> None:
    """What a dead worker had claimed waits again; what it was handing over is unsure."""
    silent = Mail.state == MailState.SENDING, Mail.claimed_at < now() - SILENT_AFTER
    if db.session.scalars(sa.select(Mail.id).where(*silent).limit(1)).first() is None:
        return
    with unit_of_work() as session:
        session.execute(
            sa.update(Mail).where(*silent, Mail.handed_at.is_(None)).values(state=MailState.WAITING)
        )
        session.execute(sa.update(Mail).where(*silent).values(state=MailState.UNSURE, error="WorkerLost"))
