"""The schedule of the seeded event, generated as the organiser would and published."""

from time import perf_counter
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.core import jobs
from app.core.db import db, unit_of_work
from app.events.models import Event
from app.meetings.models import MeetingRequest
from app.outbox.services import muted
from app.permissions import SYSTEM
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.services.planning import generate_schedule
from app.schedules.services.publishing import conflicts_of, publish_schedule
from app.seeding.events import before_start


def schedule_demo_event() -> dict[str, Any]:
    """Generate, check and publish the schedule of the first event; its figures, `seconds` of solving."""
    settings = current_app.extensions["settings"]
    with unit_of_work() as session:
        event = session.scalars(sa.select(Event).order_by(Event.id)).first()
        if event is None:
            raise LookupError("no event: load the seed data first")
        starts_at = event.slots[0].starts_at
        with before_start(starts_at):
            run = generate_schedule(SYSTEM, event, time_limit_s=settings.schedule_time_limit_s)
        run_id, job_id = run.id, run.job_id
    started = perf_counter()
    jobs.run(job_id, max_attempts=1)
    seconds = perf_counter() - started
    with unit_of_work() as session, muted():
        version = session.scalars(sa.select(ScheduleVersion).filter_by(run_id=run_id)).one()
        with before_start(starts_at):
            publish_schedule(SYSTEM, version)
        return _figures(session.get_one(ScheduleRun, run_id), version) | {"seconds": seconds}


def _figures(run: ScheduleRun, version: ScheduleVersion) -> dict[str, Any]:
    sides = [delegation.side.value for delegation in version.event.delegations]
    wanted = sa.select(sa.func.count(MeetingRequest.id)).where(MeetingRequest.event_id == version.event_id)
    return {
        "delegations": sides.count("administration"),
        "vendors": sides.count("vendor"),
        "candidates": len(run.problem["candidates"]),
        "requests": db.session.scalar(wanted),
        "meetings": len(version.placements),
        "objective": version.objective,
        "bound": version.bound,
        "gap": version.gap,
        "status": version.solver_status.value,
        "violations": len(conflicts_of(version)),
    }
