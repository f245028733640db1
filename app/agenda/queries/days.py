"""Reading the day of an event: where it stands, what happened, what is proposed."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from app.agenda.enums import VersionState
from app.agenda.models import DayEvent, Delegation, Event, ScheduleRun, ScheduleVersion, Slot
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.jobs import Job

REPAIR = "repair"


def started_slots(event: Event) -> int:
    """How many slots have started by now: the first ones, whose meetings nobody changes any more."""
    return sum(slot.starts_at <= now() for slot in event.slots)


def slots_to_come(event: Event) -> list[Slot]:
    return event.slots[started_slots(event) :]


def day_events_of(event_id: int) -> Sequence[DayEvent]:
    """What was recorded on the day, in that order."""
    query = (
        sa.select(DayEvent)
        .where(DayEvent.event_id == event_id)
        .options(
            joinedload(DayEvent.delegation).joinedload(Delegation.organisation),
            joinedload(DayEvent.slot),
            joinedload(DayEvent.until),
        )
    )
    return db.session.scalars(query.order_by(DayEvent.id)).all()


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
