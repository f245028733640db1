"""What is decided for a need at each step of the doctrine, and the notes that say so."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text
from app.doctrine.enums import Ground, Outcome, SetAside, Way
from app.needs.models import Need
from app.offers.models import Offer


def _need_key(*, primary_key: bool = False) -> Mapped[int]:
    return mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"), primary_key=primary_key)


def _person_key() -> Mapped[int | None]:
    return mapped_column(sa.ForeignKey("user_account.id"))


class Consideration(Base):
    """One solution studied for a need: retained, or set aside because. It names the versions it saw."""

    __tablename__ = "consideration"

    id: Mapped[Id]
    need_id: Mapped[int] = _need_key()
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    step: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(stored_enum(Outcome))
    reason: Mapped[SetAside | None] = mapped_column(stored_enum(SetAside))
    detail: Mapped[Text]
    need_version: Mapped[int]
    offer_version: Mapped[int]
    decided_by_id: Mapped[int | None] = _person_key()
    decided_at: Mapped[datetime]

    offer: Mapped[Offer] = relationship()
    decided_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("need_id", "offer_id"),
        sa.CheckConstraint("step IN (1, 2)", name="step"),
        sa.CheckConstraint("(outcome = 'set_aside') = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("reason IS NULL OR reason <> 'other' OR detail <> ''", name="other_explained"),
    )


class StepClosing(Base):
    """A step that has been studied whole: how many solutions were considered and retained, on which run."""

    __tablename__ = "step_closing"

    need_id: Mapped[int] = _need_key(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    considered: Mapped[int]
    retained: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_run.id", ondelete="SET NULL"))
    need_version: Mapped[int]
    closed_by_id: Mapped[int | None] = _person_key()
    closed_at: Mapped[datetime]

    closed_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("step IN (1, 2)", name="step"),
        sa.CheckConstraint("0 <= retained AND retained <= considered", name="counts"),
    )


class Development(Base):
    """The third step, opened on a ground; article R. 2124-3 1° (public procurement code) then applies."""

    __tablename__ = "development"

    need_id: Mapped[int] = _need_key(primary_key=True)
    ground: Mapped[Ground] = mapped_column(stored_enum(Ground))
    justification: Mapped[str] = mapped_column(sa.Text)
    way: Mapped[Way] = mapped_column(stored_enum(Way))
    need_version: Mapped[int]
    opened_by_id: Mapped[int | None] = _person_key()
    opened_at: Mapped[datetime]

    opened_by: Mapped[User | None] = relationship()

    __table_args__ = (sa.CheckConstraint("justification <> ''", name="justified"),)


class Determination(Base):
    """A dated answer to article 31 of the SREN law, signed by the owner of the data; the latest one counts.

    `harms` are names of `engine.Harm`; `law` holds the references in force that day: [[reference, value]]."""

    __tablename__ = "determination"

    id: Mapped[Id]
    need_id: Mapped[int] = _need_key()
    number: Mapped[int]
    need_version: Mapped[int]
    uses_commercial_cloud: Mapped[bool]
    is_body_in_scope: Mapped[bool]
    harms: Mapped[list[Any]]
    reasons: Mapped[str] = mapped_column(sa.Text)
    derogation: Mapped[Text]
    derogation_until: Mapped[date | None]
    required_from: Mapped[date | None]
    owner_name: Mapped[str] = mapped_column(sa.String(200))
    owner_function: Mapped[str] = mapped_column(sa.String(200))
    law: Mapped[list[Any]]
    recorded_by_id: Mapped[int | None] = _person_key()
    signed_on: Mapped[date]
    created_at: Mapped[CreatedAt]

    recorded_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("need_id", "number"),
        sa.CheckConstraint("(derogation = '') = (derogation_until IS NULL)", name="derogation"),
        sa.CheckConstraint("reasons <> '' AND owner_name <> '' AND owner_function <> ''", name="signed"),
    )


class DecisionNote(Base):
    """A dated note of choice, frozen: `content` is the whole of what it says, `digest` its SHA-256."""

    __tablename__ = "decision_note"

    id: Mapped[Id]
    need_id: Mapped[int] = _need_key()
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    issued_by_id: Mapped[int | None] = _person_key()
    issued_at: Mapped[CreatedAt]

    need: Mapped[Need] = relationship()
    issued_by: Mapped[User | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("need_id", "number"),)
