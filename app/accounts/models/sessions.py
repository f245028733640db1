"""Sessions: who is signed in, on what; and the sign-ins that failed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.people import User
from app.core.db import Base
from app.core.types import CreatedAt, Id


class UserSession(Base):
    """A person signed in on one device. The cookie carries a random token, the row only its hash: whoever
    reads the database signs in nowhere, and a cookie without a row opens nothing."""

    __tablename__ = "user_session"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    remembered: Mapped[bool] = mapped_column(default=False)
    agent: Mapped[str] = mapped_column(sa.String(80), default="")
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship()


class SignInFailure(Base):
    """A password refused. `account` is a hash of the address typed, known or not; rows live a day."""

    __tablename__ = "sign_in_failure"

    id: Mapped[Id]
    account: Mapped[str] = mapped_column(sa.String(64))
    address: Mapped[str] = mapped_column(sa.String(45))
    failed_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_sign_in_failure_account", "account", "failed_at"),
        sa.Index("ix_sign_in_failure_address", "address", "failed_at"),
    )
