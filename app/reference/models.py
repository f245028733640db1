"""Reference data shared by the domains: categories, criteria, objectives, registries, dated rules of law."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.folded import folded
from app.core.i18n import localised
from app.core.text import search_key, search_text
from app.core.types import Id, Label, Text
from app.reference.enums import (
    AttributeType,
    CriterionOperator,
    CriterionSubject,
    TermKind,
    VerificationPolicy,
)


class Category(Base):
    """A code of the Common Procurement Vocabulary (CPV 2008), its information technology part."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("category.code"))
    level: Mapped[int]
    label_fr: Mapped[Label]
    label_en: Mapped[Label]

    @property
    def label(self) -> str:
        """Label in the reader's language."""
        return localised(self.label_fr, self.label_en)


class Attribute(Base):
    """What vendors may claim of an offer or of their company, in a typed value.

    `options` are the choices of a list. `left_to_buyer`: where the buyer runs free software, the answer
    depends on the buyer's host, not on the software."""

    __tablename__ = "attribute"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    type: Mapped[AttributeType] = mapped_column(stored_enum(AttributeType), default=AttributeType.YES_NO)
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    options: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    subject: Mapped[CriterionSubject] = mapped_column(stored_enum(CriterionSubject))
    left_to_buyer: Mapped[bool] = mapped_column(default=False)
    label_fr: Mapped[Label]
    label_en: Mapped[Label]

    __table_args__ = (sa.CheckConstraint("type = 'number' OR unit = ''", name="unit"),)

    @property
    def label(self) -> str:
        """Label in the reader's language."""
        return localised(self.label_fr, self.label_en)


class Criterion(Base):
    """A hard criterion an administration may require: a predicate on an attribute. Rows, so that one is added
    without touching code.

    It is also met by any of `implied_by`. Once retired it can be neither required nor claimed anew; what
    already refers to it keeps its meaning."""

    __tablename__ = "criterion"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    attribute_key: Mapped[str] = mapped_column(sa.ForeignKey("attribute.key"), index=True)
    operator: Mapped[CriterionOperator] = mapped_column(
        stored_enum(CriterionOperator), default=CriterionOperator.IS
    )
    operand: Mapped[Any] = mapped_column(sa.JSON, default=True)
    position: Mapped[int]
    subject: Mapped[CriterionSubject] = mapped_column(stored_enum(CriterionSubject))
    verification_policy: Mapped[VerificationPolicy] = mapped_column(stored_enum(VerificationPolicy))
    label_fr: Mapped[Label]
    label_en: Mapped[Label]
    question_fr: Mapped[Text]
    question_en: Mapped[Text]
    description_fr: Mapped[Text]
    description_en: Mapped[Text]
    legal_basis: Mapped[Text]
    source: Mapped[Text]
    source_on: Mapped[date | None]
    implied_by: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    retired_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    attribute: Mapped[Attribute] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy as a class attribute

    @property
    def label(self) -> str:
        """Label in the reader's language."""
        return localised(self.label_fr, self.label_en)


class QualifiedService(Base):
    """One row of ANSSI's SecNumCloud registry: a qualified *service*, with scope, version and end date."""

    __tablename__ = "qualified_service"

    id: Mapped[Id]
    provider: Mapped[Label]
    service_name: Mapped[Label]
    provider_key: Mapped[str] = folded(search_key, "provider", index=True)
    search_text: Mapped[str] = folded(search_text, "provider", "service_name")
    scope: Mapped[str] = mapped_column(sa.String(60))
    referential_version: Mapped[str] = mapped_column(sa.String(20), default="")
    status: Mapped[str] = mapped_column(sa.String(30))
    qualified_since: Mapped[date | None]
    valid_until: Mapped[date | None]
    provider_country: Mapped[str] = mapped_column(sa.String(2), default="")
    source: Mapped[Text]
    source_on: Mapped[date | None]
    confidence: Mapped[str] = mapped_column(sa.String(10), default="")
    note: Mapped[Text]

    __table_args__ = (sa.UniqueConstraint("provider", "service_name", "scope"),)


class LegalParameter(Base):
    """A dated threshold or rule of law: never a constant in code."""

    __tablename__ = "legal_parameter"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(80), index=True)
    value: Mapped[str] = mapped_column(sa.String(200))
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    legal_reference: Mapped[Text]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[Text]
    source_on: Mapped[date | None]
    confidence: Mapped[str] = mapped_column(sa.String(10), default="")
    note: Mapped[Text]

    __table_args__ = (
        sa.UniqueConstraint("key", "legal_reference", "valid_from"),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"
        ),
    )


class Objective(Base):
    """One of the nine objectives of the circular of 5 February 2026, which sets neither order nor weights."""

    __tablename__ = "objective"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    position: Mapped[int]
    label_fr: Mapped[Label]
    label_en: Mapped[Label]
    description_fr: Mapped[Text]
    description_en: Mapped[Text]

    @property
    def label(self) -> str:
        """Label in the reader's language."""
        return localised(self.label_fr, self.label_en)


class BuyerFunction(Base):
    """What a service does for its users: a list of two levels. `terms` are phrases that name it."""

    __tablename__ = "buyer_function"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    parent_key: Mapped[str | None] = mapped_column(sa.ForeignKey("buyer_function.key"))
    label_fr: Mapped[Label]
    label_en: Mapped[Label]
    category_code: Mapped[str] = mapped_column(sa.ForeignKey("category.code"))
    terms: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    changed_at: Mapped[datetime]

    @property
    def label(self) -> str:
        """Label in the reader's language."""
        return localised(self.label_fr, self.label_en)


class BuyerTerm(Base):
    """An acronym, a usual English word or a product's name, read as `reading`, or as its function's name."""

    __tablename__ = "buyer_term"

    id: Mapped[Id]
    term: Mapped[Label]
    term_key: Mapped[str] = folded(search_key, "term", index=True)
    kind: Mapped[TermKind] = mapped_column(stored_enum(TermKind))
    function_key: Mapped[str] = mapped_column(sa.ForeignKey("buyer_function.key"))
    reading: Mapped[Text]
    source: Mapped[Text]
    retired_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    function: Mapped[BuyerFunction] = relationship(lazy="joined")
