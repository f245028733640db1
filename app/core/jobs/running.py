"""Doing jobs: claimed by one worker at a time, given back when that one falls silent."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from app.core.clock import now
from app.core.db import db, rollback, unit_of_work, writing
from app.core.errors import DomainError, Unavailable
from app.core.jobs.handlers import delay_after, handler_of
from app.core.jobs.models import Job, JobState, Lane

log = structlog.get_logger()


def due_jobs(lane: Lane | None = None, *, limit: int | None = None) -> list[int]:
    """Identifiers of the jobs that wait and whose time has come, oldest first; of one lane if named."""
    query = sa.select(Job.id).where(Job.state == JobState.QUEUED, Job.due_at <= now())
    if lane is not None:
        query = query.where(Job.lane == lane)
    return list(db.session.scalars(query.order_by(Job.due_at, Job.id).limit(limit)))


def heartbeat(job_id: int, progress: dict[str, Any]) -> bool:
    """Record progress and keep the lease, in a transaction of its own; False when a cancel was asked for."""
    with writing(), db.get_session("heartbeat") as session:
        job = session.get_one(Job, job_id)
        job.heartbeat_at, job.progress = now(), progress
        session.commit()
        return not job.cancel_requested


def keep_leases(job_ids: Collection[int]) -> None:
    """Say that the jobs of this process are still being done."""
    with unit_of_work() as session:
        mine = Job.id.in_(job_ids), Job.state == JobState.RUNNING
        session.execute(sa.update(Job).where(*mine).values(heartbeat_at=now()))


def run(job_id: int, *, max_attempts: int | None = None) -> None:
    """Do one queued job, whether its time has come or not. Claiming it is atomic, so that two workers never
    do it at once; one that lost its lease meanwhile leaves the row to whoever took it."""
    attempt = _claim(job_id)
    if attempt is None:
        return
    job = db.session.get_one(Job, job_id)
    known = handler_of(job.kind)
    try:
        known.do(job)  # a handler reads, ends its transaction, works long, then writes
    except Unavailable as error:
        _put_off(job_id, attempt, max_attempts or known.attempts, error.message)
    except DomainError as error:
        rollback()
        _finish(job_id, attempt, JobState.FAILED, error.message)
    except Exception as error:
        log.exception("job failed", job_id=job_id, attempt=attempt)
        _put_off(job_id, attempt, max_attempts or known.attempts, type(error).__name__)
    else:
        rollback()
        stopped = db.session.get_one(Job, job_id).cancel_requested
        _finish(job_id, attempt, JobState.CANCELLED if stopped else JobState.DONE)


def requeue_stale(*, lease: timedelta) -> list[int]:
    """Give back the jobs whose worker fell silent for `lease`, or fail those tried often enough; answers
    those given back."""
    silent = sa.select(Job).where(Job.state == JobState.RUNNING, Job.heartbeat_at < now() - lease)
    if db.session.scalars(silent.limit(1)).first() is None:
        return []
    given_back = []
    with unit_of_work() as session:
        for job in session.scalars(silent):
            if job.attempts >= handler_of(job.kind).attempts:
                job.state, job.finished_at, job.error = JobState.FAILED, now(), "WorkerLost"
            else:
                job.state = JobState.QUEUED
                given_back.append(job.id)
    return given_back


def _claim(job_id: int) -> int | None:
    """Which attempt this is; None when it no longer waits."""
    with unit_of_work() as session:
        attempt: int | None = session.scalar(
            sa.update(Job)
            .where(Job.id == job_id, Job.state == JobState.QUEUED)
            .values(state=JobState.RUNNING, attempts=Job.attempts + 1, heartbeat_at=now())
            .returning(Job.attempts)
        )
    return attempt


def _put_off(job_id: int, attempt: int, attempts: int, error: str) -> None:
    rollback()
    if attempt >= attempts:
        _finish(job_id, attempt, JobState.FAILED, error)
        return
    due_at = now() + delay_after(attempt)
    with unit_of_work() as session:
        session.execute(_mine(job_id, attempt).values(state=JobState.QUEUED, due_at=due_at, error=error))


def _finish(job_id: int, attempt: int, state: JobState, error: str = "") -> None:
    with unit_of_work() as session:
        session.execute(_mine(job_id, attempt).values(state=state, finished_at=now(), error=error))


def _mine(job_id: int, attempt: int) -> "sa.Update":
    """The number of the attempt tells a worker that lost its lease from the one that took over."""
    return sa.update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)
