"""Organisations, people and the roles they hold."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import AdministrationKind, OrganisationKind, VendorKind, VendorSize
from app.accounts.models.moderated import Moderated, reason_given
from app.core.db import Base, stored_enum
from app.core.folded import folded
from app.core.text import search_key, search_text
from app.core.types import CreatedAt, Id, Key, Label, Text, Url
from app.permissions import Role


class Organisation(Moderated, Base):
    __tablename__ = "organisation"

    id: Mapped[Id]
    slug: Mapped[Key]
    kind: Mapped[OrganisationKind] = mapped_column(stored_enum(OrganisationKind))
    name: Mapped[Label]
    name_key: Mapped[str] = folded(search_key, "name", index=True)
    search_text: Mapped[str] = folded(search_text, "name", "acronym", "city")
    acronym: Mapped[str] = mapped_column(sa.String(40), default="")
    siren: Mapped[str | None] = mapped_column(sa.String(9), unique=True)
    vat_number: Mapped[str | None] = mapped_column(sa.String(20), unique=True)
    country: Mapped[str] = mapped_column(sa.String(2), default="FR")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    website: Mapped[Url]
    description: Mapped[Text]
    administration_kind: Mapped[AdministrationKind | None] = mapped_column(stored_enum(AdministrationKind))
    vendor_kind: Mapped[VendorKind | None] = mapped_column(stored_enum(VendorKind))
    vendor_size: Mapped[VendorSize | None] = mapped_column(stored_enum(VendorSize))
    is_demo: Mapped[bool] = mapped_column(default=False)
    check_evidence: Mapped[Text]
    first_shown_at: Mapped[datetime | None]
    source: Mapped[Text]
    source_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    @property
    def owner_id(self) -> int:
        """The organisation it belongs to, for `app.permissions`."""
        return self.id

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        reason_given(),
        sa.CheckConstraint("siren IS NULL OR length(siren) = 9", name="siren_length"),
        sa.CheckConstraint(
            "(kind = 'administration') = (administration_kind IS NOT NULL)", name="administration"
        ),
        sa.CheckConstraint("(kind = 'vendor') = (vendor_kind IS NOT NULL)", name="vendor"),
    )


class User(Base):
    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[Label]
    search_text: Mapped[str] = folded(search_text, "name", "email")
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    confirmed_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    suspension_reason: Mapped[Text]
    is_demo: Mapped[bool] = mapped_column(default=False)
    signed_in_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Membership.id"
    )

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("is_active OR suspension_reason <> ''", name="suspension_reason"),
    )


class Membership(Base):
    __tablename__ = "membership"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[Role] = mapped_column(stored_enum(Role))
    is_manager: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    __table_args__ = (sa.UniqueConstraint("user_id", "organisation_id", "role"),)
