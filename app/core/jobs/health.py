"""Whether background work goes on: living workers, what waits, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import db
from app.core.jobs.models import Job, JobState, WorkerBeat

SILENT_AFTER = timedelta(seconds=30)
TOO_LONG = timedelta(minutes=2)
RECENTLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkHealth:
    """`waiting` jobs are due and not begun, the oldest since `oldest_due_at`; `failed` ones gave up today;
    a worker was last heard `last_beat_s` ago."""

    workers: int
    waiting: int
    failed: int
    oldest_due_at: datetime | None
    last_beat_s: float | None

    @property
    def is_stuck(self) -> bool:
        """Work waits and nobody will do it, or it has waited too long."""
        if self.oldest_due_at is None:
            return False
        waited = now() - self.oldest_due_at
        return waited > (SILENT_AFTER if not self.workers else TOO_LONG)


def work_health() -> WorkHealth:
    moment = now()
    due = sa.and_(Job.state == JobState.QUEUED, Job.due_at <= moment)
    waiting, oldest = db.session.execute(sa.select(sa.func.count(), sa.func.min(Job.due_at)).where(due)).one()
    failed = sa.select(sa.func.count()).where(
        Job.state == JobState.FAILED, Job.finished_at > moment - RECENTLY
    )
    latest = db.session.scalar(sa.select(sa.func.max(WorkerBeat.seen_at)))
    return WorkHealth(
        workers=_count_alive(),
        waiting=waiting,
        failed=db.session.scalar(failed) or 0,
        oldest_due_at=oldest,
        last_beat_s=(moment - latest).total_seconds() if latest else None,
    )


def is_worked() -> bool:
    """Whether somebody does what is asked for; a page that waits for work says so when nobody does."""
    return _count_alive() > 0


def _count_alive() -> int:
    alive = sa.select(sa.func.count()).where(WorkerBeat.seen_at > now() - SILENT_AFTER)
    return db.session.scalar(alive) or 0
