"""Reading the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.outbox.enums import MailState
from app.outbox.models import Mail

PAGE = 50


@dataclass(frozen=True, slots=True)
class MailHealth:
    """`late` messages wait after a failed try; `failed` and `unsure` ones wait for a person."""

    waiting: int
    late: int
    failed: int
    unsure: int
    oldest_at: datetime | None


def get_mail(mail_id: int, *, event_id: int | None = None) -> Mail:
    """One message, of this event when one is named. Raises NotFound."""
    found = db.session.get(Mail, mail_id)
    if found is None or (event_id is not None and found.event_id != event_id):
        raise NotFound
    return found


def mails(
    *, event_id: int | None = None, state: MailState | None = None, before: int | None = None
) -> Sequence[Mail]:
    """A page of messages, newest first, older than the message `before`."""
    query = _of(sa.select(Mail), event_id)
    if state is not None:
        query = query.where(Mail.state == state)
    if before is not None:
        query = query.where(Mail.id < before)
    return db.session.scalars(query.order_by(Mail.id.desc()).limit(PAGE)).all()


def mail_counts(*, event_id: int | None = None) -> Mapping[MailState, int]:
    query = _of(sa.select(Mail.state, sa.func.count()), event_id).group_by(Mail.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def mail_health() -> MailHealth:
    counts = mail_counts()
    waiting = Mail.state == MailState.WAITING
    late = sa.select(sa.func.count()).where(waiting, Mail.attempts > 0)
    oldest = sa.select(sa.func.min(Mail.created_at)).where(waiting, Mail.due_at <= now())
    return MailHealth(
        waiting=counts.get(MailState.WAITING, 0),
        late=db.session.scalar(late) or 0,
        failed=counts.get(MailState.FAILED, 0),
        unsure=counts.get(MailState.UNSURE, 0),
        oldest_at=db.session.scalar(oldest),
    )


def _of(query: "sa.Select[*tuple[Any, ...]]", event_id: int | None) -> "sa.Select[*tuple[Any, ...]]":
    return query if event_id is None else query.where(Mail.event_id == event_id)
