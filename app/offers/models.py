"""Offers: market, mutualised, free software."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.accounts.models.moderated import Moderated, reason_given
from app.claims.models import Claim
from app.content.enums import Nature
from app.content.models import DraftRow, VersionRow
from app.core.db import Base, stored_enum
from app.core.folded import folded
from app.core.text import search_key
from app.core.types import CreatedAt, Id, Key, Label, Text, Url
from app.offers.enums import OfferKind, OfferStatus
from app.reference.models import Category

offer_category = sa.Table(
    "offer_category",
    Base.metadata,
    sa.Column("offer_id", sa.ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("category_code", sa.ForeignKey("category.code"), primary_key=True, index=True),
)


class Offer(Moderated, Base):
    """Its columns are the projection of its latest published version (`app.content`), or of the draft before
    the first publication."""

    __tablename__ = "offer"

    id: Mapped[Id]
    slug: Mapped[Key]
    kind: Mapped[OfferKind] = mapped_column(stored_enum(OfferKind), index=True)
    status: Mapped[OfferStatus] = mapped_column(
        stored_enum(OfferStatus), default=OfferStatus.DRAFT, index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[Label]
    name_key: Mapped[str] = folded(search_key, "name", index=True)
    summary: Mapped[str] = mapped_column(sa.String(500), default="")
    description: Mapped[Text]
    hosting: Mapped[Text]
    subcontractors: Mapped[Text]
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
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    categories: Mapped[list[Category]] = relationship(secondary=offer_category, order_by=Category.code)
    claims: Mapped[list[Claim]] = relationship(order_by=Claim.id, passive_deletes=True)

    @property
    def owner_id(self) -> int | None:
        """The organisation it belongs to, for `app.permissions`."""
        return self.organisation_id

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        reason_given(),
        sa.CheckConstraint("kind = 'free_software' OR organisation_id IS NOT NULL", name="has_owner"),
        sa.CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        sa.CheckConstraint("status = 'draft' OR version > 0", name="has_version"),
        sa.CheckConstraint("circle IS NULL OR circle BETWEEN 1 AND 3", name="circle"),
        sa.CheckConstraint("lead_time_days IS NULL OR lead_time_days >= 0", name="lead_time"),
    )


class OfferVersion(VersionRow, Base):
    __tablename__ = "offer_version"
    thing = "offer"


class OfferDraft(DraftRow, Base):
    __tablename__ = "offer_draft"
    thing = "offer"


class CorrectionRuling(Base):
    """What a moderator made of a version published as a correction: one indeed, or a substantive change."""

    __tablename__ = "offer_correction_ruling"

    offer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nature: Mapped[Nature] = mapped_column(stored_enum(Nature))
    reason: Mapped[Text]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]

    __table_args__ = (
        sa.ForeignKeyConstraint(["offer_id", "number"], ["offer_version.thing_id", "offer_version.number"]),
        sa.CheckConstraint("nature = 'correction' OR reason <> ''", name="reason"),
    )
