"""Events: settings, slots, delegations and their absences."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organisation, User
from app.content.models import DraftRow, VersionRow
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Key, Label, Text
from app.events.enums import EventStatus, Side
from app.events.hours import Period
from app.permissions import Team


def event_key() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), index=True)


def delegation_key() -> Mapped[int]:
    return mapped_column(sa.ForeignKey("delegation.id", ondelete="CASCADE"), index=True)


class Event(Base):
    """What an organiser prepares. `wishes_until`: when participants may ask for meetings no more, None until
    the last slot. `was_scheduled`: closed while a schedule was published. Its content
    (settings and programme) is that of its latest version (`app.content`) once it is open, beside a draft."""

    __tablename__ = "event"

    id: Mapped[Id]
    slug: Mapped[Key]
    status: Mapped[EventStatus] = mapped_column(stored_enum(EventStatus), default=EventStatus.DRAFT)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[Label]
    place: Mapped[Label]
    description: Mapped[Text]
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Europe/Paris")
    tables: Mapped[int]
    rooms: Mapped[int] = mapped_column(default=0)
    wishes_until: Mapped[datetime | None]
    was_scheduled: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Text]
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]

    slots: Mapped[list["Slot"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Slot.starts_at"
    )
    delegations: Mapped[list["Delegation"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="Delegation.id"
    )

    organisation: Mapped[Organisation] = relationship()
    team: Mapped[list["EventTeamMember"]] = relationship(
        back_populates="event", cascade="all, delete-orphan", order_by="EventTeamMember.user_id"
    )

    @property
    def owner_id(self) -> int:
        """The organisation it belongs to, for `app.permissions`."""
        return self.organisation_id

    @property
    def run_by(self) -> Team:
        """Who runs it, for `app.permissions`."""
        return Team(self.organisation_id, frozenset(member.user_id for member in self.team))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def days(self) -> list[date]:
        """Local days on which a slot starts, in order."""
        return sorted({slot.starts_at.astimezone(self.zone).date() for slot in self.slots})

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        sa.CheckConstraint("status = 'draft' OR version > 0", name="has_version"),
        sa.CheckConstraint("tables > 0", name="tables"),
        sa.CheckConstraint("rooms >= 0", name="rooms"),
        sa.CheckConstraint("status = 'closed' OR NOT was_scheduled", name="was_scheduled"),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )


class EventVersion(VersionRow, Base):
    __tablename__ = "event_version"
    thing = "event"


class EventDraft(DraftRow, Base):
    __tablename__ = "event_draft"
    thing = "event"


class EventTeamMember(Base):
    """A person who runs the event, whichever their organisation."""

    __tablename__ = "event_team_member"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[CreatedAt]

    event: Mapped[Event] = relationship(back_populates="team")
    user: Mapped[User] = relationship()


class Slot(Base):
    """One slot of the programme, known by its row and never by its rank: another slot before it changes
    nothing to it. `tables` overrides the event's number of tables.

    Slots of an event never overlap; the service sees to it under the event's `revision`."""

    __tablename__ = "slot"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tables: Mapped[int | None]

    event: Mapped[Event] = relationship(back_populates="slots")

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="period"),
        sa.CheckConstraint("tables IS NULL OR tables >= 0", name="tables"),
        {"sqlite_autoincrement": True},  # a published schedule names slots that may be gone
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
    revision: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(back_populates="delegations")
    organisation: Mapped[Organisation] = relationship()
    absences: Mapped[list["Absence"]] = relationship(
        back_populates="delegation", cascade="all, delete-orphan", order_by="Absence.starts_at"
    )

    @property
    def owner_id(self) -> int:
        """The organisation it belongs to, for `app.permissions`."""
        return self.organisation_id

    @property
    def run_by(self) -> Team:
        """Who runs its event, for `app.permissions`."""
        return self.event.run_by

    def is_away(self, period: Period) -> bool:
        """Whether it is absent for any part of the period."""
        return any(absence.period.overlaps(period) for absence in self.absences)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy as a class attribute
    __table_args__ = (
        sa.UniqueConstraint("event_id", "organisation_id"),
        sa.UniqueConstraint("event_id", "table"),
        sa.CheckConstraint("min_meetings >= 0 AND min_meetings <= max_meetings", name="bounds"),
    )


class Absence(Base):
    """A time at which a delegation cannot be met: instants, right whatever becomes of the slots."""

    __tablename__ = "absence"

    id: Mapped[Id]
    delegation_id: Mapped[int] = delegation_key()
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    delegation: Mapped[Delegation] = relationship(back_populates="absences")

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    __table_args__ = (
        sa.UniqueConstraint("delegation_id", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="period"),
    )
