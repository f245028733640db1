"""Needs of administrations, with the hard criteria they set."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, User
from app.accounts.models.moderated import Moderated, reason_given
from app.content.models import DraftRow, VersionRow
from app.core.clock import today
from app.core.db import Base, stored_enum
from app.core.folded import folded
from app.core.text import search_text
from app.core.types import CreatedAt, Id, Key, Label, Text
from app.needs.enums import EffectiveRequirement, NeedStatus, RequiredLevel, effective_requirements
from app.reference.models import Category, Criterion

need_category = sa.Table(
    "need_category",
    Base.metadata,
    sa.Column("need_id", sa.ForeignKey("need.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("category_code", sa.ForeignKey("category.code"), primary_key=True, index=True),
)


class Need(Moderated, Base):
    """Its columns are the projection of its latest published version (`app.content`), or of the draft before
    the first publication."""

    __tablename__ = "need"

    id: Mapped[Id]
    slug: Mapped[Key]
    status: Mapped[NeedStatus] = mapped_column(stored_enum(NeedStatus), default=NeedStatus.DRAFT, index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    title: Mapped[Label]
    description: Mapped[Text]
    search_text: Mapped[str] = folded(search_text, "title", "description")
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    users_count: Mapped[int | None]
    deadline_on: Mapped[date | None]
    budget_range: Mapped[str] = mapped_column(sa.String(120), default="")
    measure: Mapped[Text]
    context: Mapped[Text]
    contract_holder: Mapped[str] = mapped_column(sa.String(160), default="")
    contract_product: Mapped[str] = mapped_column(sa.String(160), default="")
    contract_ends_on: Mapped[date | None]
    contract_exit: Mapped[Text]
    audiences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sensitive_data: Mapped[bool] = mapped_column(default=False)
    secnumcloud_from: Mapped[date | None]  # set by a determination (app.doctrine): nobody unticks it
    import_key: Mapped[str | None] = mapped_column(sa.String(160), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[User | None] = relationship()
    categories: Mapped[list[Category]] = relationship(secondary=need_category, order_by=Category.code)
    requirements: Mapped[list["NeedRequirement"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedRequirement.criterion_key"
    )

    @property
    def owner_id(self) -> int:
        """The organisation it belongs to, for `app.permissions`."""
        return self.organisation_id

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        reason_given(),
        sa.Index(None, "status", "published_at", "id"),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_at"),
        sa.CheckConstraint("status = 'draft' OR version > 0", name="has_version"),
        sa.CheckConstraint("users_count IS NULL OR users_count > 0", name="users_count"),
    )

    @property
    def effective_requirements(self) -> tuple[EffectiveRequirement, ...]:
        """What an offer must meet: the need's own criteria, and what the law adds to them."""
        asked = {row.criterion_key: row.level for row in self.requirements}
        return effective_requirements(asked, sensitive_data=self.is_sensitive)

    @property
    def is_sensitive(self) -> bool:
        """Whether its data are to be hosted at SecNumCloud level today: said in the need, or determined."""
        return self.sensitive_data or self.is_determined_sensitive_on(today())

    def is_determined_sensitive_on(self, day: date) -> bool:
        """Whether a signed determination asks for SecNumCloud on `day`."""
        return self.secnumcloud_from is not None and self.secnumcloud_from <= day


class NeedRequirement(Base):
    __tablename__ = "need_requirement"

    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"), primary_key=True)
    criterion_key: Mapped[str] = mapped_column(sa.ForeignKey("criterion.key"), primary_key=True)
    level: Mapped[RequiredLevel] = mapped_column(stored_enum(RequiredLevel))

    need: Mapped[Need] = relationship(back_populates="requirements")
    criterion: Mapped[Criterion] = relationship()


class NeedVersion(VersionRow, Base):
    __tablename__ = "need_version"
    thing = "need"


class NeedDraft(DraftRow, Base):
    __tablename__ = "need_draft"
    thing = "need"
