"""Schedules of an event: solver runs, versions and the meetings they hold."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.jobs import Job
from app.core.types import CreatedAt, Id, Label
from app.events.hours import Period
from app.events.models import Delegation, Event, delegation_key, event_key
from app.schedules.enums import SolverStatus, VersionState
from app.schedules.frozen import Frozen
from app.schedules.reports import (
    Asked,
    Gain,
    RunReport,
    Unplaced,
    read_asked,
    read_gains,
    read_report,
    read_unplaced,
)


def event_version_key() -> sa.ForeignKeyConstraint:
    """Which version of the event was computed from; the column is empty where it was not open yet."""
    return sa.ForeignKeyConstraint(
        ["event_id", "event_version"], ["event_version.thing_id", "event_version.number"]
    )


class ScheduleRun(Base):
    """One solver run: the exact problem it was given, so that a third party can replay it.

    `slots`: identifiers of the event's slots, in the order in which the problem numbers them. `asked` is what
    the organiser asked for, `report` what the run told beside its schedule, without status while it works."""

    __tablename__ = "schedule_run"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), unique=True)
    event_version: Mapped[int | None]
    seed: Mapped[int] = mapped_column(default=0)
    time_limit_s: Mapped[float]
    problem: Mapped[dict[str, Any]]
    slots: Mapped[list[Any]]
    stored_options: Mapped[dict[str, Any]] = mapped_column("options", default=dict, server_default="{}")
    stored_report: Mapped[dict[str, Any]] = mapped_column("report", default=dict, server_default="{}")
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]

    event: Mapped[Event] = relationship()
    job: Mapped[Job] = relationship()
    schedule: Mapped["ScheduleVersion | None"] = relationship(back_populates="run")
    study: Mapped["ScheduleStudy | None"] = relationship(back_populates="run")

    @property
    def asked(self) -> Asked:
        return read_asked(self.stored_options)

    @property
    def is_repair(self) -> bool:
        return self.asked.repair is not None

    @property
    def report(self) -> RunReport:
        return read_report(self.stored_report)

    __table_args__ = (event_version_key(),)


class ScheduleStudy(Base):
    """What one more table, slot or hour would bring to the schedule of a run, computed on request.

    `gains`: None until known."""

    __tablename__ = "schedule_study"

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("schedule_run.id", ondelete="CASCADE"), primary_key=True
    )
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), unique=True)
    stored_gains: Mapped[list[Any] | None] = mapped_column("gains", sa.JSON(none_as_null=True))

    run: Mapped[ScheduleRun] = relationship(back_populates="study")
    job: Mapped[Job] = relationship()

    @property
    def gains(self) -> tuple[Gain, ...] | None:
        return read_gains(self.stored_gains)


class ScheduleVersion(Base):
    """One schedule of an event. At most one is published; publishing supersedes the previous one.

    A draft speaks of the event's slots as they are. Once published a version is frozen: `frozen` holds the
    event as people were told of it, its meetings hold their own hours and names, and only its `state` moves.
    Where the event changes afterwards, another version is derived. `objective` and `bound` are in points of
    the problem, less `shortfall` for the `missing` meetings that minimums asked for; `gap` is
    (bound - objective) / bound."""

    __tablename__ = "schedule_version"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("schedule_run.id"), unique=True)
    derived_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("schedule_version.id"))
    event_version: Mapped[int | None]
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(stored_enum(VersionState), default=VersionState.DRAFT)
    solver_status: Mapped[SolverStatus] = mapped_column(stored_enum(SolverStatus))
    objective: Mapped[float]
    bound: Mapped[float]
    gap: Mapped[float]
    missing: Mapped[int] = mapped_column(default=0)
    shortfall: Mapped[float] = mapped_column(default=0)
    stored_unplaced: Mapped[list[Any]] = mapped_column("unplaced")
    frozen: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    @property
    def points(self) -> float:
        """What the meetings held are worth, as every page shows it: what is missing is told apart."""
        return self.objective + self.shortfall

    @property
    def best(self) -> float:
        """What no schedule could exceed, counted as `points`."""
        return self.bound + self.shortfall

    event: Mapped[Event] = relationship()
    run: Mapped[ScheduleRun | None] = relationship(back_populates="schedule")
    derived_from: Mapped["ScheduleVersion | None"] = relationship(remote_side="ScheduleVersion.id")
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Placement.id"
    )

    @property
    def told(self) -> Frozen | None:
        """The event as people were told of it; None for a draft."""
        return None if self.frozen is None else Frozen.from_json(self.frozen)

    @property
    def unplaced(self) -> tuple[Unplaced, ...]:
        return read_unplaced(self.stored_unplaced)

    @property
    def is_repair(self) -> bool:
        """Mended on the day: nothing proves how near the best it is."""
        return self.computed_by is not None and self.computed_by.is_repair

    @property
    def computed_by(self) -> ScheduleRun | None:
        """The run whose answer this is, through the versions it derives from."""
        return self.run or (self.derived_from.computed_by if self.derived_from is not None else None)

    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        event_version_key(),
        sa.Index(
            "uq_schedule_version_published",
            "event_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
        sa.CheckConstraint("(state = 'draft') = (frozen IS NULL)", name="frozen"),
        sa.CheckConstraint("missing >= 0 AND shortfall >= 0", name="missing"),
    )


class Meeting(Base):
    """Two delegations who meet: it stays the same from version to version, for calendars, attendance, notes.

    `sequence` and `changed_at` move with each published change. `withdrawn_at`: it was published and takes
    place no more."""

    __tablename__ = "meeting"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    administration_id: Mapped[int] = delegation_key()
    vendor_id: Mapped[int] = delegation_key()
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)

    __table_args__ = (
        sa.UniqueConstraint("administration_id", "vendor_id"),
        sa.UniqueConstraint("id", "administration_id", "vendor_id"),
        sa.CheckConstraint("sequence >= 0", name="sequence"),
        {"sqlite_autoincrement": True},
    )


class Placement(Base):
    """When and where a version holds a meeting; `table` is 0-based. The database refuses a double booking.

    `slot_id` tells the slot it was placed at, gone or not; hours and names are the placement's own."""

    __tablename__ = "placement"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule_version.id", ondelete="CASCADE"))
    meeting_id: Mapped[int] = mapped_column(index=True)
    administration_id: Mapped[int] = delegation_key()
    vendor_id: Mapped[int] = delegation_key()
    slot_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    table: Mapped[int]
    administration_name: Mapped[Label]
    vendor_name: Mapped[Label]

    version: Mapped[ScheduleVersion] = relationship(back_populates="placements")
    meeting: Mapped[Meeting] = relationship()
    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id, viewonly=True)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id, viewonly=True)

    @property
    def pair(self) -> tuple[int, int]:
        return self.administration_id, self.vendor_id

    @property
    def period(self) -> Period:
        return Period(self.starts_at, self.ends_at)

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["meeting_id", "administration_id", "vendor_id"],
            ["meeting.id", "meeting.administration_id", "meeting.vendor_id"],
        ),
        sa.UniqueConstraint("version_id", "slot_id", "administration_id"),
        sa.UniqueConstraint("version_id", "slot_id", "vendor_id"),
        sa.UniqueConstraint("version_id", "slot_id", "table"),
        sa.UniqueConstraint("version_id", "meeting_id"),
        sa.CheckConstraint("starts_at < ends_at", name="period"),
    )


class CalendarAddress(Base):
    """A personal address at which a calendar program reads somebody's agenda, without a session.

    Only the digest of its secret is kept: the address is shown once, and revoked by making another."""

    __tablename__ = "calendar_address"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[CreatedAt]


@sa.event.listens_for(Placement, "before_update")
def _keep_placement(_mapper: object, _connection: object, placement: Placement) -> None:
    if placement.version.published_at is not None:
        raise RuntimeError("a published placement is frozen")


@sa.event.listens_for(ScheduleVersion, "before_update")
def _keep_version(_mapper: object, _connection: object, version: ScheduleVersion) -> None:
    state = sa.inspect(version)
    (former,) = state.attrs.state.history.deleted or (version.state,)
    changed = {
        attribute.key
        for attribute in state.mapper.column_attrs
        if state.attrs[attribute.key].history.has_changes()
    }
    if former is not VersionState.DRAFT and changed - {"state"}:
        raise RuntimeError("a published version is frozen")
