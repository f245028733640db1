"""Secrets sent by mail: to choose a password, to confirm an address."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import LinkPurpose
from app.accounts.models.people import User
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id


class SecretLink(Base):
    """A link that works once, until `expires_at`. Its token is drawn when the mail leaves, and only its
    hash is kept: until then `token_hash` is None, and no queue ever holds the secret."""

    __tablename__ = "secret_link"

    id: Mapped[Id]
    purpose: Mapped[LinkPurpose] = mapped_column(stored_enum(LinkPurpose))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("used_at IS NULL OR token_hash IS NOT NULL", name="used_once_sent"),)
