"""What an event allows, as the database answers it: the same as `lifecycle`, whatever dates and states."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.db import db
from app.events.enums import EventStatus
from app.events.lifecycle import Act, Phase, allows, phase_of
from app.events.models import Event, Slot
from app.events.queries.events import is_to_come, takes_answers, takes_wishes
from tests.integration.events.factories import FIRST_SLOT, make_event

# Few moments, so that those compared are often the same one: the boundaries are where the two could differ.
STEPS = st.integers(-1, 2)
SLOTS = st.lists(st.tuples(STEPS, st.integers(1, 2)), max_size=3)
DRAWN = st.tuples(SLOTS, st.none() | STEPS)


def moment(step: int, ticks: int = 0) -> datetime:
    return FIRST_SLOT + timedelta(minutes=20 * step, microseconds=ticks)


def apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """One after the other, as slots of an event always are."""
    found: list[tuple[int, int]] = []
    for start, length in sorted(spans):
        found.append((max(start, sum(found[-1])) if found else start, length))
    return found


def found_by(condition: Callable[[], sa.ColumnElement[bool]]) -> set[int]:
    return set(db.session.scalars(sa.select(Event.id).where(condition())))


@pytest.fixture
def events(app: Flask) -> list[Event]:
    """One in each state, whose dates are then drawn."""
    return [make_event(slots=0, status=status) for status in EventStatus]


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.tuples(DRAWN, DRAWN, DRAWN, DRAWN), STEPS, st.sampled_from([0, -1, 1]))
def test_the_database_and_the_rules_agree(
    events: list[Event], drawn: Sequence[tuple[list[tuple[int, int]], int | None]], now: int, ticks: int
) -> None:
    for event, (spans, until) in zip(events, drawn, strict=True):
        event.wishes_until = None if until is None else moment(until)
        event.slots = [
            Slot(starts_at=moment(start), ends_at=moment(start + length)) for start, length in apart(spans)
        ]
    db.session.flush()
    with clock.fixed_at(moment(now, ticks)):
        assert found_by(takes_wishes) == {e.id for e in events if allows(e, Act.WISH)}
        assert found_by(takes_answers) == {e.id for e in events if allows(e, Act.ANSWER)}
        public = {e.id for e in events if e.status is not EventStatus.DRAFT}
        past = {e.id for e in events if phase_of(e) is Phase.PAST}
        assert found_by(is_to_come) & public == public - past
