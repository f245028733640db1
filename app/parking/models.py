"""Forms that arrived when nobody was signed in any more, kept until their author has signed in again."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import CreatedAt, Id


class ParkedForm(Base):
    """`page` showed the form, `action` is where it was sent, `fields` the (name, value) typed, without
    passwords and files. `account_id` typed it; None for a visitor. The token itself is kept nowhere."""

    __tablename__ = "parked_form"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    page: Mapped[str] = mapped_column(sa.String(1000))
    action: Mapped[str] = mapped_column(sa.String(1000))
    fields: Mapped[list[Any]]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime] = mapped_column(index=True)
