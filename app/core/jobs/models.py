"""The rows of background work: jobs, and the workers that do them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Text


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Lane(enum.StrEnum):
    """Work of one lane never waits behind that of another: a worker keeps threads for each."""

    MAIL = "mail"
    SHORT = "short"
    LONG = "long"


class Job(Base):
    __tablename__ = "job"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    lane: Mapped[Lane] = mapped_column(stored_enum(Lane), default=Lane.SHORT)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(stored_enum(JobState), default=JobState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(default=now)
    scheduled_for: Mapped[datetime | None]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime | None]
    error: Mapped[Text]
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="finished_at"
        ),
        sa.CheckConstraint("state <> 'running' OR heartbeat_at IS NOT NULL", name="heartbeat_at"),
        sa.UniqueConstraint("kind", "scheduled_for"),  # a due moment has one job, whoever writes it first
        sa.Index(None, "state", "lane", "due_at"),
    )

    @property
    def is_active(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


class WorkerBeat(Base):
    """A living worker; `seen_at` is renewed while it lives, the row leaves with it."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    started_at: Mapped[CreatedAt]
    seen_at: Mapped[CreatedAt]
