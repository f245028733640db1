"""Finished jobs are forgotten after a while; those that other rows name stay with them."""

from datetime import timedelta

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import unit_of_work
from app.core.jobs.handlers import kept_kinds, scheduled
from app.core.jobs.models import Job, Lane
from app.core.jobs.moments import daily

KEPT = timedelta(days=30)


@scheduled("forget_jobs", daily(4), lane=Lane.SHORT)
def forget_jobs(_job: Job) -> None:
    old = Job.finished_at < now() - KEPT
    with unit_of_work() as session:
        session.execute(sa.delete(Job).where(old, Job.kind.not_in(kept_kinds())))
