"""Wishes for meetings, the organiser's word on pairs, and ambassador-led sessions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Label, Text
from app.events.enums import Side
from app.events.hours import Period
from app.events.models import Delegation, Event, Slot, delegation_key, event_key
from app.meetings.enums import InvitationState, PairRuleKind, RequestState
from app.needs.models import Need
from app.offers.models import Offer


class MeetingRequest(Base):
    """A wish for a meeting, from one side; accepted by the other it is mutual and weighs more. Refused by
    either it stays, so that no schedule places it again.

    `match_score` (0 to 1) is the proposal's score as a share of the need's best, when it came from one;
    `withdrawal`, the word of who takes it back."""

    __tablename__ = "meeting_request"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    administration_id: Mapped[int] = delegation_key()
    vendor_id: Mapped[int] = delegation_key()
    requested_by: Mapped[Side] = mapped_column(stored_enum(Side))
    state: Mapped[RequestState] = mapped_column(stored_enum(RequestState), default=RequestState.PENDING)
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("need.id"))
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offer.id"))
    match_score: Mapped[float | None]
    message: Mapped[Text]
    answer: Mapped[Text]
    withdrawal: Mapped[Text]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    event: Mapped[Event] = relationship()
    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)
    need: Mapped[Need | None] = relationship()
    offer: Mapped[Offer | None] = relationship()

    @property
    def is_refused(self) -> bool:
        """Whether a side wants it no more."""
        return self.state in (RequestState.DECLINED, RequestState.WITHDRAWN)

    @property
    def asking(self) -> Delegation:
        """The side that made the wish."""
        return self.administration if self.requested_by is Side.ADMINISTRATION else self.vendor

    @property
    def asked(self) -> Delegation:
        """The side that answers it."""
        return self.vendor if self.requested_by is Side.ADMINISTRATION else self.administration

    __table_args__ = (
        sa.UniqueConstraint("administration_id", "vendor_id"),
        sa.CheckConstraint("(state = 'pending') = (answered_at IS NULL)", name="answered_at"),
        sa.CheckConstraint("match_score IS NULL OR match_score BETWEEN 0 AND 1", name="match_score"),
    )


class PairRule(Base):
    """The organiser's word on a pair: pinned (kept, maybe at a slot) or forbidden."""

    __tablename__ = "pair_rule"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    administration_id: Mapped[int] = delegation_key()
    vendor_id: Mapped[int] = delegation_key()
    kind: Mapped[PairRuleKind] = mapped_column(stored_enum(PairRuleKind))
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slot.id", ondelete="CASCADE"))
    reason: Mapped[Text]

    event: Mapped[Event] = relationship()
    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)
    slot: Mapped[Slot | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("administration_id", "vendor_id"),
        sa.CheckConstraint("kind = 'pinned' OR slot_id IS NULL", name="slot_of_pin"),
    )


def _one_held(column: str) -> sa.Index:
    """At most one session that is not cancelled by slot and room, or by slot and host."""
    held = sa.text("cancelled_at IS NULL")
    return sa.Index(
        f"uq_group_session_slot_{column}",
        "slot_id",
        column,
        unique=True,
        sqlite_where=held,
        postgresql_where=held,
    )


class GroupSession(Base):
    """An ambassador-led session: one host, several invited vendors, one slot, one room.

    Its hours are those people were told. One that is cancelled stays, for calendars; `sequence` and
    `changed_at` move with each change that calendars show."""

    __tablename__ = "group_session"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    host_id: Mapped[int] = delegation_key()
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slot.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    theme: Mapped[Label]
    description: Mapped[Text]
    room: Mapped[int]
    capacity: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[CreatedAt]
    cancelled_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    host: Mapped[Delegation] = relationship()

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Invitation.vendor_id"
    )

    __table_args__ = (
        _one_held("room"),
        _one_held("host_id"),
        sa.CheckConstraint("cancelled_at IS NOT NULL OR slot_id IS NOT NULL", name="slot"),
        sa.CheckConstraint("starts_at < ends_at", name="period"),
        sa.CheckConstraint("capacity > 0", name="capacity"),
        sa.CheckConstraint("room >= 0", name="room"),
    )


class Invitation(Base):
    """`was_accepted`: the vendor has seen the session in its calendar, whatever it answers now."""

    __tablename__ = "invitation"

    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("group_session.id", ondelete="CASCADE"), primary_key=True
    )
    vendor_id: Mapped[int] = mapped_column(
        sa.ForeignKey("delegation.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[InvitationState] = mapped_column(
        stored_enum(InvitationState), default=InvitationState.INVITED
    )
    answered_at: Mapped[datetime | None]
    was_accepted: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[CreatedAt]

    session: Mapped[GroupSession] = relationship(back_populates="invitations")
    vendor: Mapped[Delegation] = relationship()

    __table_args__ = (sa.CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_at"),)
