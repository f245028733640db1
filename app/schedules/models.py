"""Schedules of an event: solver runs, versions and the meetings they hold."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.jobs import Job
from app.core.types import CreatedAt, Id
from app.events.models import Delegation, Event, Slot, delegation_key, event_key
from app.schedules.enums import SolverStatus, VersionState


class ScheduleRun(Base):
    """One solver run: the exact problem it was given, so that a third party can replay it.

    `options` is what the organiser asked for, `report` what the run told beside its schedule: bottlenecks,
    comfort, spread, changes; {} while it works."""

    __tablename__ = "schedule_run"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), unique=True)
    seed: Mapped[int] = mapped_column(default=0)
    time_limit_s: Mapped[float]
    problem: Mapped[dict[str, Any]]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    report: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    requested_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]

    event: Mapped[Event] = relationship()
    job: Mapped[Job] = relationship()
    schedule: Mapped["ScheduleVersion | None"] = relationship(back_populates="run")
    study: Mapped["ScheduleStudy | None"] = relationship(back_populates="run")


class ScheduleStudy(Base):
    """What one more table, slot or hour would bring to the schedule of a run, computed on request.

    `gains`: [{"code", "item", "points"}], None until known."""

    __tablename__ = "schedule_study"

    run_id: Mapped[int] = mapped_column(
        sa.ForeignKey("schedule_run.id", ondelete="CASCADE"), primary_key=True
    )
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), unique=True)
    gains: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))

    run: Mapped[ScheduleRun] = relationship(back_populates="study")
    job: Mapped[Job] = relationship()


class ScheduleVersion(Base):
    """One schedule of an event. At most one is published; publishing supersedes the previous one.

    `objective` and `bound` are in points of the problem; `gap` is (bound - objective) / bound."""

    __tablename__ = "schedule_version"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("schedule_run.id"), unique=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(stored_enum(VersionState), default=VersionState.DRAFT)
    solver_status: Mapped[SolverStatus] = mapped_column(stored_enum(SolverStatus))
    objective: Mapped[float]
    bound: Mapped[float]
    gap: Mapped[float]
    unplaced: Mapped[list[Any]]
    created_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    run: Mapped[ScheduleRun | None] = relationship(back_populates="schedule")
    meetings: Mapped[list["Meeting"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="Meeting.id"
    )

    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        sa.Index(
            "uq_schedule_version_published",
            "event_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_at"),
    )


class Meeting(Base):
    """One to one, at a slot and a table (0-based). The database itself refuses a double booking."""

    __tablename__ = "meeting"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule_version.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id"), index=True)
    administration_id: Mapped[int] = delegation_key()
    vendor_id: Mapped[int] = delegation_key()
    table: Mapped[int]

    version: Mapped[ScheduleVersion] = relationship(back_populates="meetings")
    slot: Mapped[Slot] = relationship()
    administration: Mapped[Delegation] = relationship(foreign_keys=administration_id)
    vendor: Mapped[Delegation] = relationship(foreign_keys=vendor_id)

    __table_args__ = (
        sa.UniqueConstraint("version_id", "slot_id", "administration_id"),
        sa.UniqueConstraint("version_id", "slot_id", "vendor_id"),
        sa.UniqueConstraint("version_id", "slot_id", "table"),
        sa.UniqueConstraint("version_id", "administration_id", "vendor_id"),
    )
