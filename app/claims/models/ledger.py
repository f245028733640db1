"""The ledger: who claims what, about an offer or about a whole organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.claims.enums import STANDING, ClaimOrigin, ClaimStatus, ShownStatus
from app.claims.models.contest import Contest
from app.claims.models.evidence import Evidence
from app.claims.models.proposed import ProposedDecision
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text
from app.reference.models import Attribute
from matching.criteria import has_ended, is_within


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim speaks of: an offer of an organisation (of nobody for free software), or without
    `offer_id` that organisation as a whole. `kind` and `version` are the offer's."""

    offer_id: int | None
    organisation_id: int | None
    kind: str = ""
    version: int | None = None


class Claim(Base):
    """A statement about an offer, or about a whole organisation: who says it, of what scope, until when.

    `organisation_id` is whose people answer for it: the offer's, or the organisation it speaks of when
    `offer_id` is None. Free software belongs to nobody. `value` is what the attribute's type allows (see
    `reference.services.values`); false is a claim too: "we are subject to a law with extraterritorial reach".
    `origin` is the field that says it, where no person does (see `services.derived`).
    `warned_days`: its end has been announced that many days before.
    `found` is what the evidence establishes instead. `offer_version` is the offer's that it speaks of;
    `changes` are the differences since a verification (field, before, after)."""

    __tablename__ = "claim"

    id: Mapped[Id]
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    attribute_key: Mapped[str] = mapped_column(sa.ForeignKey("attribute.key"), index=True)
    value: Mapped[Any] = mapped_column(sa.JSON, default=True)
    statement: Mapped[Text]
    issuer: Mapped[str] = mapped_column(sa.String(300), default="")
    scope: Mapped[str] = mapped_column(sa.String(300), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    offer_version: Mapped[int | None]
    origin: Mapped[ClaimOrigin] = mapped_column(stored_enum(ClaimOrigin), default=ClaimOrigin.STATED)
    status: Mapped[ClaimStatus] = mapped_column(
        stored_enum(ClaimStatus), default=ClaimStatus.DECLARED, index=True
    )
    found: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    awaits_verification: Mapped[bool] = mapped_column(default=False, index=True)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[Text]
    answer: Mapped[Text]
    changes: Mapped[list[Any]] = mapped_column(default=list)
    withdrawn_at: Mapped[datetime | None]
    expiry_told_at: Mapped[datetime | None]
    warned_days: Mapped[int | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship()
    attribute: Mapped[Attribute] = relationship()
    contests: Mapped[list[Contest]] = relationship(order_by=Contest.id, passive_deletes=True)
    proposed: Mapped[ProposedDecision | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    pieces: Mapped[list[Evidence]] = relationship(order_by=Evidence.id, passive_deletes=True)

    __table_args__ = (
        sa.CheckConstraint("offer_id IS NOT NULL OR organisation_id IS NOT NULL", name="has_subject"),
        sa.CheckConstraint(
            "status = 'withdrawn' OR (status = 'declared') = (decided_at IS NULL)", name="decided_at"
        ),
        sa.CheckConstraint(
            "NOT awaits_verification OR status NOT IN ('verified', 'withdrawn')", name="awaits"
        ),
        sa.CheckConstraint("status <> 'to_confirm' OR awaits_verification", name="to_confirm"),
        sa.CheckConstraint("status <> 'contradicted' OR found IS NOT NULL", name="found"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until", name="validity"
        ),
    )

    @property
    def is_derived(self) -> bool:
        """Whether a field says it rather than a person."""
        return self.origin is not ClaimOrigin.STATED

    @property
    def evidence(self) -> list[Evidence]:
        """What establishes it now: neither removed nor replaced, nor given by who contests it."""
        return [piece for piece in self.own_pieces if piece.is_current]

    @property
    def own_pieces(self) -> list[Evidence]:
        """All that its vendor has shown for it."""
        return [piece for piece in self.pieces if piece.contest_id is None]

    @property
    def is_open(self) -> bool:
        """Whether a moderator may decide on it."""
        undecided = self.status is ClaimStatus.DECLARED
        return (undecided or self.awaits_verification) and self.status is not ClaimStatus.WITHDRAWN

    def has_expired(self, day: date) -> bool:
        """Whether its last day is past on `day`; a finding or a withdrawal does not expire."""
        return self.status in STANDING and bool(has_ended(self.valid_until or date.max, day))

    @classmethod
    def expired(cls, day: date) -> sa.ColumnElement[bool]:
        """The same as a condition of a query."""
        last = sa.func.coalesce(cls.valid_until, date.max)
        return sa.and_(cls.status.in_(sorted(STANDING)), has_ended(last, day))

    @classmethod
    def holding(cls, day: date) -> sa.ColumnElement[bool]:
        """What counts on `day`, as a condition of a query; which one decides, `matching.criteria` says."""
        first = sa.func.coalesce(cls.valid_from, date.min)
        last = sa.func.coalesce(cls.valid_until, date.max)
        return sa.and_(cls.status.in_(sorted(STANDING)), is_within(first, last, day))

    def status_on(self, day: date) -> ShownStatus:
        """State as shown on `day`."""
        return ShownStatus.EXPIRED if self.has_expired(day) else ShownStatus(self.status.value)
