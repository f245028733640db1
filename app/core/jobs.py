"""Background jobs. The row in our database is the truth (state, progress, heartbeat, attempts); huey only
wakes a worker. A worker killed in the middle leaves a row whose lease expires, and `requeue_stale` starts it
again."""

import enum
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, db, flush_for_id, on_commit, rollback, stored_enum, unit_of_work, writing
from app.core.errors import DomainError
from app.core.types import CreatedAt, Id, Text

log = structlog.get_logger()


class JobState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Base):
    __tablename__ = "job"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(stored_enum(JobState), default=JobState.QUEUED, index=True)
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
    )

    @property
    def is_active(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


Handler = Callable[["Job"], None]
_handlers: dict[str, Handler] = {}
_wake: list[Callable[[int], None]] = []


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the jobs of `kind`. It must be idempotent: it may run again."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def set_wake(wake: Callable[[int], None]) -> None:
    """How a committed job reaches a worker; given by `app.wiring` (huey) or by a test (run at once)."""
    _wake[:] = [wake]


def enqueue(kind: str, **payload: Any) -> Job:
    """Write the job in the caller's transaction; a worker is woken only once that has committed."""
    job = Job(kind=kind, payload=payload)
    db.session.add(job)
    flush_for_id()
    job_id = job.id
    on_commit(partial(_wake_worker, job_id))
    return job


def enqueue_once(kind: str) -> None:
    """Write a job without payload, unless one of its kind already waits and will do the same."""
    if not _is_any(kind, JobState.QUEUED):
        enqueue(kind)


def is_under_way(kind: str) -> bool:
    """Whether a job of this kind waits or runs."""
    return _is_any(kind, JobState.QUEUED, JobState.RUNNING)


def _is_any(kind: str, *states: JobState) -> bool:
    query = sa.select(Job.id).where(Job.kind == kind, Job.state.in_(states)).limit(1)
    return db.session.scalars(query).first() is not None


def queued_jobs() -> list[int]:
    """Identifiers of the jobs that wait, oldest first."""
    return list(db.session.scalars(sa.select(Job.id).where(Job.state == JobState.QUEUED).order_by(Job.id)))


def _wake_worker(job_id: int) -> None:
    for wake in _wake:
        wake(job_id)


def heartbeat(job_id: int, progress: dict[str, Any]) -> bool:
    """Record progress and keep the lease, in a transaction of its own; False when a cancel was asked for."""
    with writing(), db.get_session("heartbeat") as session:
        job = session.get_one(Job, job_id)
        job.heartbeat_at, job.progress = now(), progress
        session.commit()
        return not job.cancel_requested


def run(job_id: int, *, max_attempts: int) -> None:
    """Do one queued job. Claiming it is atomic, so that two workers never do it at once."""
    if not _claim(job_id):
        return
    job = db.session.get_one(Job, job_id)
    try:
        _handlers[job.kind](job)  # a handler reads, ends its transaction, works long, then writes
    except DomainError as error:
        rollback()
        _finish(job_id, JobState.FAILED, error.message)
    except Exception as error:
        rollback()
        log.exception("job failed", job_id=job_id)
        attempts = db.session.get_one(Job, job_id).attempts
        if attempts < max_attempts:
            _requeue(job_id)
        else:
            _finish(job_id, JobState.FAILED, type(error).__name__)
    else:
        stopped = db.session.get_one(Job, job_id).cancel_requested
        _finish(job_id, JobState.CANCELLED if stopped else JobState.DONE)


def requeue_stale(*, lease: timedelta, max_attempts: int) -> list[int]:
    """Give back jobs whose worker fell silent for `lease`, or fail them after `max_attempts`; also re-wake
    queued jobs whose wake-up was lost. Returns the identifiers to run."""
    limit = now() - lease
    silent = sa.select(Job).where(Job.state == JobState.RUNNING, Job.heartbeat_at < limit)
    with unit_of_work() as session:
        for job in session.scalars(silent):
            if job.attempts >= max_attempts:
                job.state, job.finished_at, job.error = JobState.FAILED, now(), "WorkerLost"
            else:
                job.state = JobState.QUEUED
    lost = sa.select(Job.id).where(Job.state == JobState.QUEUED, Job.created_at < limit).order_by(Job.id)
    return list(db.session.scalars(lost))


def _claim(job_id: int) -> bool:
    with unit_of_work() as session:
        claimed = session.execute(
            sa.update(Job)
            .where(Job.id == job_id, Job.state == JobState.QUEUED)
            .values(state=JobState.RUNNING, attempts=Job.attempts + 1, heartbeat_at=now())
        )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult


def _requeue(job_id: int) -> None:
    with unit_of_work() as session:
        session.get_one(Job, job_id).state = JobState.QUEUED


def _finish(job_id: int, state: JobState, error: str = "") -> None:
    with unit_of_work() as session:
        job = session.get_one(Job, job_id)
        job.state, job.finished_at, job.error = state, now(), error
