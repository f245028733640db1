"""A change of what a checked organisation is known by."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import AskState
from app.accounts.models.people import Organisation, User
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Label, Text


class IdentityChange(Base):
    """The name and identifier asked for. They are applied when a moderator accepts; one waits at a time."""

    __tablename__ = "identity_change"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[Label]
    siren: Mapped[str | None] = mapped_column(sa.String(9))
    state: Mapped[AskState] = mapped_column(stored_enum(AskState), default=AskState.WAITING)
    reason: Mapped[Text]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id", ondelete="SET NULL"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])

    @property
    def owner_id(self) -> int:
        """Whose change it is, for `app.permissions`."""
        return self.organisation_id

    __table_args__ = (
        sa.CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_length"),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        sa.Index(
            "uq_identity_change_waiting",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )
