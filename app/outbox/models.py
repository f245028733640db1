"""Messages to people, written in the transaction of what they tell of, sent once it has committed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text
from app.outbox.enums import MailState


class Mail(Base):
    """One message to one address. `claimed_at`: a worker took it; `handed_at`: its text began to leave, from
    when on only the relay's answer tells whether it was accepted. A text that carries a secret is drawn as it
    leaves, by what `drawn_by` names, for the row `drawn_id`: it is never kept."""

    __tablename__ = "mail"

    id: Mapped[Id]
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(500))
    body: Mapped[Text]
    drawn_by: Mapped[str] = mapped_column(sa.String(40), default="")
    drawn_id: Mapped[int | None]
    keep_body: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    about: Mapped[str] = mapped_column(sa.String(60), default="")
    event_id: Mapped[int | None]
    state: Mapped[MailState] = mapped_column(stored_enum(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    claimed_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[Text]
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        sa.CheckConstraint("state <> 'sending' OR claimed_at IS NOT NULL", name="claimed_at"),
        sa.CheckConstraint("(drawn_by = '') = (drawn_id IS NULL)", name="drawn"),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "event_id", "id"),
    )
