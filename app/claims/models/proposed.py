"""What one moderator would decide, until a second one confirms it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.claims.enums import Verdict
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Text


class ProposedDecision(Base):
    """At most one for a claim. `why` says what asks for a second look."""

    __tablename__ = "proposed_decision"

    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id", ondelete="CASCADE"), primary_key=True)
    verdict: Mapped[Verdict] = mapped_column(stored_enum(Verdict))
    found: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    reason: Mapped[Text]
    why: Mapped[Text]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[CreatedAt]
