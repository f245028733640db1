"""The ledger: who claims what, about an offer or about a whole organisation."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus, ShownClaimStatus
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text, Url
from app.reference.models import Criterion


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim speaks of: an offer of an organisation (of nobody for free software), or without
    `offer_id` that organisation as a whole."""

    offer_id: int | None
    organisation_id: int | None


class Claim(Base):
    """A statement about an offer, or about a whole organisation: who says it, of what scope, until when.

    `organisation_id` is whose people answer for it: the offer's, or the organisation it speaks of when
    `offer_id` is None. Free software belongs to nobody.
    `value` false is a claim too: "we are subject to a law with extraterritorial reach"."""

    __tablename__ = "claim"

    id: Mapped[Id]
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    criterion_key: Mapped[str] = mapped_column(sa.ForeignKey("criterion.key"))
    value: Mapped[bool] = mapped_column(default=True)
    statement: Mapped[Text]
    issuer: Mapped[str] = mapped_column(sa.String(300), default="")
    scope: Mapped[str] = mapped_column(sa.String(300), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    evidence_url: Mapped[Url]
    status: Mapped[ClaimStatus] = mapped_column(
        stored_enum(ClaimStatus), default=ClaimStatus.DECLARED, index=True
    )
    awaits_verification: Mapped[bool] = mapped_column(default=False, index=True)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[Text]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship()
    criterion: Mapped[Criterion] = relationship()

    __table_args__ = (
        sa.CheckConstraint("offer_id IS NOT NULL OR organisation_id IS NOT NULL", name="has_subject"),
        sa.CheckConstraint("(status = 'declared') = (decided_at IS NULL)", name="decided_at"),
        sa.CheckConstraint("NOT awaits_verification OR status = 'declared'", name="awaits"),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until", name="validity"
        ),
    )

    def status_on(self, day: date) -> ShownClaimStatus:
        """Status as shown on `day`: past `valid_until` a declared or verified claim is expired."""
        if self.status is not ClaimStatus.REFUTED and self.valid_until and self.valid_until < day:
            return ShownClaimStatus.EXPIRED
        return ShownClaimStatus(self.status.value)
