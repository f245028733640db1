"""Background jobs, kept in our own database.

The row is the truth (state, progress, lease, attempts, next try): a job is written in the transaction of the
change that asks for it, and the workers look for rows whose time has come. A worker killed in the middle
leaves a row whose lease expires; another does it again."""

from app.core.jobs.enqueuing import enqueue, enqueue_due, enqueue_once, is_under_way
from app.core.jobs.forgetting import forget_jobs
from app.core.jobs.handlers import handler, scheduled, step, steps_of
from app.core.jobs.models import Job, JobState, Lane, WorkerBeat
from app.core.jobs.moments import daily, hourly
from app.core.jobs.running import due_jobs, heartbeat, requeue_stale, run

__all__ = [
    "Job",
    "JobState",
    "Lane",
    "WorkerBeat",
    "daily",
    "due_jobs",
    "enqueue",
    "enqueue_due",
    "enqueue_once",
    "forget_jobs",
    "handler",
    "heartbeat",
    "hourly",
    "is_under_way",
    "requeue_stale",
    "run",
    "scheduled",
    "step",
    "steps_of",
]
