"""Reading the day of an event: where it stands, and what happened."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.clock import now
from app.core.db import db
from app.events.models import DayEvent, Delegation, Event, Slot


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
        .options(joinedload(DayEvent.delegation).joinedload(Delegation.organisation))
    )
    return db.session.scalars(query.order_by(DayEvent.id)).all()
