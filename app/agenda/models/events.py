"""Events: slots, delegations, meeting requests and ambassador-led sessions.

See `schedules` for what a solver makes of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation
from app.agenda.enums import UNDER_WAY, EventStatus, InvitationState, PairRuleKind, RequestState, Side
from app.core.clock import now
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Key, Label, Text
from app.needs.models import Need
from app.offers.models import Offer


def event_key() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), index=True)


def delegation_key() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("delegation.id", ondelete="CASCADE"), index=True)


class Event(Base):
    __tablename__ = "event"

    id: Mapped[Id]
    slug: Mapped[Key]
    status: Mapped[EventStatus] = mapped_column(stored_enum(EventStatus), default=EventStatus.DRAFT)
    name: Mapped[Label]
    place: Mapped[Label]
    description: Mapped[Text]
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")
    tables: Mapped[int]
    rooms: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Text]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]

    slots: Mapped[list["Slot"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Slot.position"
    )
    delegations: Mapped[list["Delegation"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Delegation.id"
    )
    sessions: Mapped[list["GroupSession"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="GroupSession.id"
    )

    @property
    def takes_wishes(self) -> bool:
        """Whether its participants may still ask for meetings and answer."""
        return self.status in UNDER_WAY and any(slot.ends_at > now() for slot in self.slots)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        sa.CheckConstraint("tables > 0", name="tables"),
        sa.CheckConstraint("rooms >= 0", name="rooms"),
    )


class Slot(Base):
    """One slot of the programme; `tables` overrides the event's number of tables."""

    __tablename__ = "slot"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tables: Mapped[int | None]

    event: Mapped[Event] = relationship(back_populates="slots")

    __table_args__ = (
        sa.UniqueConstraint("event_id", "position"),
        sa.CheckConstraint("starts_at < ends_at", name="period"),
        sa.CheckConstraint("tables IS NULL OR tables >= 0", name="tables"),
    )


class Delegation(Base):
    """The people of one organisation at an event; they sit in one activity at a time.

    `table` is the fixed table of an administration, 0-based."""

    __tablename__ = "delegation"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    side: Mapped[Side] = mapped_column(stored_enum(Side))
    min_meetings: Mapped[int] = mapped_column(default=0)
    max_meetings: Mapped[int]
    table: Mapped[int | None]

    event: Mapped[Event] = relationship(back_populates="delegations")
    organisation: Mapped[Organisation] = relationship()
    absences: Mapped[list["Absence"]] = relationship(
        back_populates="delegation", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("event_id", "organisation_id"),
        sa.UniqueConstraint("event_id", "table"),
        sa.CheckConstraint("min_meetings >= 0 AND min_meetings <= max_meetings", name="bounds"),
    )


class Absence(Base):
    """A slot at which a delegation cannot be met."""

    __tablename__ = "absence"

    delegation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("delegation.id", ondelete="CASCADE"), primary_key=True
    )
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)

    delegation: Mapped[Delegation] = relationship(back_populates="absences")
    slot: Mapped[Slot] = relationship()


class MeetingRequest(Base):
    """A wish for a meeting, from one side; accepted by the other it is mutual and weighs more.

    `match_score` (0 to 1) is the proposal's score as a share of the need's best, when it came from one."""

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
    answered_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    event: Mapped[Event] = relationship()
    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)
    need: Mapped[Need | None] = relationship()
    offer: Mapped[Offer | None] = relationship()

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

    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)
    slot: Mapped[Slot | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("administration_id", "vendor_id"),
        sa.CheckConstraint("kind = 'pinned' OR slot_id IS NULL", name="slot_of_pin"),
    )


class GroupSession(Base):
    """An ambassador-led session: one host, several invited vendors, one slot, one room."""

    __tablename__ = "group_session"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    host_id: Mapped[int] = delegation_key()
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id"))
    theme: Mapped[Label]
    description: Mapped[Text]
    room: Mapped[int]
    capacity: Mapped[int]

    event: Mapped[Event] = relationship(back_populates="sessions")
    host: Mapped[Delegation] = relationship()
    slot: Mapped[Slot] = relationship()
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Invitation.vendor_id"
    )

    __table_args__ = (
        sa.UniqueConstraint("slot_id", "room"),
        sa.UniqueConstraint("slot_id", "host_id"),
        sa.CheckConstraint("capacity > 0", name="capacity"),
        sa.CheckConstraint("room >= 0", name="room"),
    )


class Invitation(Base):
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

    session: Mapped[GroupSession] = relationship(back_populates="invitations")
    vendor: Mapped[Delegation] = relationship()

    __table_args__ = (sa.CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered_at"),)
