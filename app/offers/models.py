"""Offers (market, mutualised, free software) and the claims made about them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Key, Label, Text, Url
from app.offers.enums import ClaimStatus, OfferKind, OfferStatus, ShownClaimStatus
from app.reference.models import Category, Criterion

offer_category = sa.Table(
    "offer_category",
    Base.metadata,
    sa.Column("offer_id", sa.ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("category_code", sa.ForeignKey("category.code"), primary_key=True, index=True),
)


class Offer(Base):
    __tablename__ = "offer"

    id: Mapped[Id]
    slug: Mapped[Key]
    kind: Mapped[OfferKind] = mapped_column(stored_enum(OfferKind), index=True)
    status: Mapped[OfferStatus] = mapped_column(
        stored_enum(OfferStatus), default=OfferStatus.DRAFT, index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[Label]
    summary: Mapped[str] = mapped_column(sa.String(500), default="")
    description: Mapped[Text]
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    licence: Mapped[str | None] = mapped_column(sa.String(120))
    website: Mapped[Url]
    price_note: Mapped[str] = mapped_column(sa.String(500), default="")
    lead_time_days: Mapped[int | None]
    users_scope: Mapped[Text]
    circle: Mapped[int | None]
    source: Mapped[Text]
    source_on: Mapped[date | None]
    import_key: Mapped[str | None] = mapped_column(sa.String(160), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    categories: Mapped[list[Category]] = relationship(secondary=offer_category, order_by=Category.code)
    claims: Mapped[list["Claim"]] = relationship(back_populates="offer", order_by="Claim.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        sa.CheckConstraint("kind = 'free_software' OR organisation_id IS NOT NULL", name="has_owner"),
        sa.CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        sa.CheckConstraint("circle IS NULL OR circle BETWEEN 1 AND 3", name="circle"),
        sa.CheckConstraint("lead_time_days IS NULL OR lead_time_days >= 0", name="lead_time"),
    )


class Claim(Base):
    """A statement about an offer, or about a whole organisation: who says it, of what scope, until when.

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

    offer: Mapped[Offer | None] = relationship(back_populates="claims")
    organisation: Mapped[Organisation | None] = relationship()
    criterion: Mapped[Criterion] = relationship()

    __table_args__ = (
        sa.CheckConstraint("(offer_id IS NULL) <> (organisation_id IS NULL)", name="one_subject"),
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
