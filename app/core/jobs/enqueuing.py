"""Asking for work, in the transaction of the change that needs it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.db import db, flush_for_id, unit_of_work
from app.core.jobs.handlers import lane_of, scheduled_kinds
from app.core.jobs.models import Job, JobState, Lane


def enqueue(kind: str, lane: Lane | None = None, /, **payload: Any) -> Job:
    """Write the job in the caller's transaction: a worker sees it once that has committed. `lane` is that of
    its kind unless this one is known to be short or long."""
    job = Job(kind=kind, lane=lane or lane_of(kind), payload=payload)
    db.session.add(job)
    flush_for_id()
    return job


def enqueue_once(kind: str) -> None:
    """Write a job without payload, unless one of its kind already waits and will do the same."""
    if not _is_any(kind, JobState.QUEUED):
        enqueue(kind)


def enqueue_due() -> None:
    """Write the scheduled jobs whose moment has come, in transactions of their own. Another worker may write
    the same: the first one wins, by the constraint."""
    moment = now()
    for kind, latest in scheduled_kinds().items():
        due = latest(moment)
        known = sa.select(Job.id).where(Job.kind == kind, Job.scheduled_for == due)
        if db.session.scalars(known).first() is not None:
            continue
        try:
            with unit_of_work() as session:
                session.add(Job(kind=kind, lane=lane_of(kind), scheduled_for=due, due_at=due))
        except IntegrityError:
            continue


def is_under_way(kind: str) -> bool:
    """Whether a job of this kind waits or runs."""
    return _is_any(kind, JobState.QUEUED, JobState.RUNNING)


def _is_any(kind: str, *states: JobState) -> bool:
    query = sa.select(Job.id).where(Job.kind == kind, Job.state.in_(states)).limit(1)
    return db.session.scalars(query).first() is not None
