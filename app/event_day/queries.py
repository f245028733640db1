"""Reading the day of an event: one recorded fact, and the repairs proposed."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer

from app.core.db import db
from app.core.errors import NotFound
from app.core.jobs import Job
from app.events.models import DayEvent
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.queries.versions import REPAIR


def get_day_event(event_id: int, day_event_id: int) -> DayEvent:
    found = db.session.get(DayEvent, day_event_id)
    if found is None or found.event_id != event_id:
        raise NotFound
    return found


def proposals_of(event_id: int) -> Sequence[ScheduleVersion]:
    """Repairs proposed and neither published nor discarded, the newest first."""
    query = (
        sa.select(ScheduleVersion)
        .join(ScheduleVersion.run)
        .join(ScheduleRun.job)
        .where(
            ScheduleVersion.event_id == event_id,
            ScheduleVersion.state == VersionState.DRAFT,
            Job.kind == REPAIR,
        )
        .options(contains_eager(ScheduleVersion.run).options(defer(ScheduleRun.problem)))
    )
    return db.session.scalars(query.order_by(ScheduleVersion.number.desc())).all()
