"""Who says that a claim is wrong, what its vendor answers, what is decided."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.claims.enums import ContestStatus
from app.claims.models.evidence import Evidence
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text


class Contest(Base):
    """`seconded_by_id`: the first moderator to hold it founded; a second one contradicts the claim."""

    __tablename__ = "contest"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    at: Mapped[CreatedAt]
    reason: Mapped[Text]
    status: Mapped[ContestStatus] = mapped_column(
        stored_enum(ContestStatus), default=ContestStatus.OPEN, index=True
    )
    answer: Mapped[Text]
    answered_at: Mapped[datetime | None]
    seconded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[Text]

    pieces: Mapped[list[Evidence]] = relationship(order_by=Evidence.id, passive_deletes=True)

    __table_args__ = (
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_at"),
        sa.Index(
            "uq_contest_open",
            "claim_id",
            "by_id",
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
    )
