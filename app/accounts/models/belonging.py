"""Who asks to belong to an organisation, and whom its managers invite."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import AskState
from app.accounts.models.people import Organisation, User
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text
from app.permissions import Role


class JoinRequest(Base):
    """A person asks to join; `reason` is why they were declined. One waits at a time for each
    organisation."""

    __tablename__ = "join_request"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[AskState] = mapped_column(stored_enum(AskState), default=AskState.WAITING)
    reason: Mapped[Text]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    organisation: Mapped[Organisation] = relationship()

    @property
    def owner_id(self) -> int:
        """Whose managers decide, for `app.permissions`."""
        return self.organisation_id

    __table_args__ = (
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        sa.CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        sa.Index(
            "uq_join_request_waiting",
            "user_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )


class MemberInvitation(Base):
    """An address invited to join. As for every secret sent by mail, the token is drawn when the mail leaves
    and only its hash is kept; it works once, until `expires_at`."""

    __tablename__ = "member_invitation"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(sa.String(254))
    role: Mapped[Role] = mapped_column(stored_enum(Role))
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id", ondelete="SET NULL"))
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[User | None] = relationship()

    @property
    def owner_id(self) -> int:
        """Whose managers may take it back, for `app.permissions`."""
        return self.organisation_id

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("role <> 'moderator'", name="no_moderator"),
        sa.CheckConstraint("used_at IS NULL OR token_hash IS NOT NULL", name="used_once_sent"),
        sa.Index(
            "uq_member_invitation_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=sa.text("used_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL"),
        ),
    )
