"""Stored vectors, the revision of the index, match runs with their proposals, shortlists and verdicts, and a
buyer's weights with the evidence they are applied to."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.clock import today
from app.core.db import Base, PackedJson, stored_enum
from app.core.i18n import localised
from app.core.types import CreatedAt, Id, Text
from app.matchmaking.enums import Measure, PassageOf
from app.needs.models import Need
from app.offers.models import Offer
from app.reference.models import Criterion, Objective


class Embedding(Base):
    """One encoded passage. `fingerprint` names the encoder, `text_hash` the text: equal ones are never
    encoded twice. `vector` is little-endian float32 of the encoder's dimension; `checksum`, its CRC-32,
    tells a damaged one."""

    __tablename__ = "embedding"

    id: Mapped[Id]
    subject: Mapped[PassageOf] = mapped_column(stored_enum(PassageOf))
    subject_id: Mapped[int]
    position: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(sa.String(120))
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    vector: Mapped[bytes] = mapped_column(sa.LargeBinary)
    checksum: Mapped[str] = mapped_column(sa.String(8))

    __table_args__ = (sa.UniqueConstraint("subject", "subject_id", "position"),)


class IndexChange(Base):
    """One change of the searchable offers; its identifier is the revision each process follows."""

    __tablename__ = "index_change"

    id: Mapped[Id]
    offer_id: Mapped[int | None]
    at: Mapped[CreatedAt]


def _of_need_version() -> sa.ForeignKeyConstraint:
    """The version of the need that was read; NULL for one never published."""
    return sa.ForeignKeyConstraint(
        ["need_id", "need_version"], ["need_version.thing_id", "need_version.number"]
    )


def _of_offer_version() -> sa.ForeignKeyConstraint:
    """The version of the offer that was read."""
    return sa.ForeignKeyConstraint(
        ["offer_id", "offer_version"], ["offer_version.thing_id", "offer_version.number"]
    )


class MatchRun(Base):
    """One answer to a need, kept so that it can be explained and recomputed later. `checked_on` is the last
    day on which it was found to hold still.

    `lists` are the lists and what their offers answer, as the engine compares them; `kept_out` the offers
    that answer the need but for its criteria; `changes` is what changed since the run before."""

    __tablename__ = "match_run"

    id: Mapped[Id]
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"), index=True)
    need_version: Mapped[int | None]
    fingerprint: Mapped[str] = mapped_column(sa.String(120))
    revision: Mapped[int]
    required: Mapped[list[Any]] = mapped_column(default=list)
    lists: Mapped[dict[str, Any]] = mapped_column(PackedJson, default=dict)
    parameters: Mapped[dict[str, Any]] = mapped_column(PackedJson)
    exclusions: Mapped[dict[str, Any]] = mapped_column(PackedJson)
    near_misses: Mapped[list[Any]] = mapped_column(PackedJson)
    kept_out: Mapped[list[Any]] = mapped_column(PackedJson, default=list)
    changes: Mapped[list[Any]] = mapped_column(PackedJson, default=list)
    checked_on: Mapped[date] = mapped_column(default=today)
    created_at: Mapped[CreatedAt]

    need: Mapped[Need] = relationship()
    proposals: Mapped[list["Proposal"]] = relationship(
        back_populates="run", cascade="all, delete-orphan", order_by="Proposal.rank"
    )

    __table_args__ = (_of_need_version(),)


class Proposal(Base):
    """One eligible offer proposed for a need; `explanation` holds codes and numbers adding up to `score`."""

    __tablename__ = "proposal"

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("match_run.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    offer_version: Mapped[int]
    rank: Mapped[int]
    score: Mapped[float]
    explanation: Mapped[dict[str, Any]] = mapped_column(PackedJson)

    run: Mapped[MatchRun] = relationship(back_populates="proposals")
    offer: Mapped[Offer] = relationship()

    __table_args__ = (sa.UniqueConstraint("run_id", "offer_id"), _of_offer_version())


class ShortlistEntry(Base):
    __tablename__ = "shortlist_entry"

    id: Mapped[Id]
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"))
    need_version: Mapped[int | None]
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    offer_version: Mapped[int]
    note: Mapped[Text]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]

    need: Mapped[Need] = relationship()
    offer: Mapped[Offer] = relationship()
    added_by: Mapped[User | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("need_id", "offer_id"), _of_need_version(), _of_offer_version())


class Verdict(Base):
    """An ambassador's judgement of a proposal: useful for the need or not.

    What was judged is kept with it (the run, the text of the need, the rank within its kind, the score and
    the signals' contributions), because needs are edited and matched again. A verdict given outside a run
    has neither rank nor score."""

    __tablename__ = "verdict"

    id: Mapped[Id]
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("offer.id"), index=True)
    offer_version: Mapped[int]
    useful: Mapped[bool]
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match_run.id", ondelete="SET NULL"))
    need_version: Mapped[int | None]
    need_text: Mapped[Text]
    rank: Mapped[int | None]
    score: Mapped[float | None]
    signals: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[CreatedAt]

    need: Mapped[Need] = relationship()
    offer: Mapped[Offer] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("need_id", "offer_id"),
        _of_need_version(),
        _of_offer_version(),
        sa.CheckConstraint("(rank IS NULL) = (score IS NULL)", name="rank"),
    )


class ObjectiveEvidence(Base):
    """What one piece of evidence is worth for an objective, and why. Rows, so that the rule changes without
    touching code.

    Points lie between 0 and 1. A measure gives all its points at `best`, none at `worst`, and is no more than
    declared. Within an objective the pieces count by their `share`."""

    __tablename__ = "objective_evidence"

    id: Mapped[Id]
    objective_key: Mapped[str] = mapped_column(sa.ForeignKey("objective.key"), index=True)
    criterion_key: Mapped[str | None] = mapped_column(sa.ForeignKey("criterion.key"))
    measure: Mapped[Measure | None] = mapped_column(stored_enum(Measure))
    share: Mapped[float]
    verified: Mapped[float]
    declared: Mapped[float]
    refused: Mapped[float]
    best: Mapped[float | None]
    worst: Mapped[float | None]
    reason_fr: Mapped[Text]
    reason_en: Mapped[Text]

    criterion: Mapped[Criterion | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("objective_key", "criterion_key"),
        sa.UniqueConstraint("objective_key", "measure"),
        sa.CheckConstraint("(criterion_key IS NULL) <> (measure IS NULL)", name="one_source"),
        sa.CheckConstraint(
            "(measure IS NULL) = (best IS NULL) AND (measure IS NULL) = (worst IS NULL)", name="scale"
        ),
        sa.CheckConstraint("best IS NULL OR best <> worst", name="scale_has_width"),
        sa.CheckConstraint("share > 0", name="share"),
        sa.CheckConstraint(
            "0 <= refused AND refused <= declared AND declared < verified AND verified <= 1", name="points"
        ),
    )

    @property
    def source(self) -> str:
        """The criterion or the measure it reads."""
        return self.criterion_key or str(self.measure)

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return localised(self.reason_fr, self.reason_en)


class NeedWeight(Base):
    """How much an objective counts for a need, from 1 to 5; one left out does not count."""

    __tablename__ = "need_weight"

    need_id: Mapped[int] = mapped_column(sa.ForeignKey("need.id", ondelete="CASCADE"), primary_key=True)
    objective_key: Mapped[str] = mapped_column(sa.ForeignKey("objective.key"), primary_key=True)
    weight: Mapped[int]

    objective: Mapped[Objective] = relationship()

    __table_args__ = (sa.CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),)
