"""Where an event stands and what it allows, at the exact instants and just before them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.errors import InvalidTransition
from app.events.enums import EventStatus
from app.events.lifecycle import ALLOWED, Act, Phase, allows, phase_of, refusal, require_allowed
from app.events.models import Event, Slot

FIRST = datetime(2027, 3, 26, 8, tzinfo=UTC)
MIDDLE = FIRST + timedelta(hours=1)
LAST = FIRST + timedelta(hours=2)
END = LAST + timedelta(minutes=20)
WISHES = FIRST - timedelta(days=3)
TICK = timedelta(microseconds=1)
STATUSES = list(EventStatus)


def event_of(status: EventStatus, *, slots: bool = True, wishes_until: datetime | None = None) -> Event:
    event = Event(status=status, name="Bercy", wishes_until=wishes_until)
    if slots:
        event.slots = [
            Slot(starts_at=start, ends_at=start + timedelta(minutes=20)) for start in (FIRST, MIDDLE, LAST)
        ]
    return event


BEFORE = FIRST - timedelta(days=10)
PHASES = [
    (EventStatus.DRAFT, BEFORE, Phase.DRAFT),
    (EventStatus.DRAFT, END, Phase.DRAFT),
    (EventStatus.OPEN, WISHES - TICK, Phase.OPEN),
    (EventStatus.OPEN, WISHES, Phase.WISHES_CLOSED),
    (EventStatus.OPEN, FIRST - TICK, Phase.WISHES_CLOSED),
    (EventStatus.OPEN, FIRST, Phase.UNDER_WAY),
    (EventStatus.SCHEDULED, WISHES, Phase.PUBLISHED),
    (EventStatus.SCHEDULED, FIRST - TICK, Phase.PUBLISHED),
    (EventStatus.SCHEDULED, FIRST, Phase.UNDER_WAY),
    (EventStatus.SCHEDULED, END - TICK, Phase.UNDER_WAY),
    (EventStatus.SCHEDULED, END, Phase.PAST),
    (EventStatus.OPEN, END, Phase.PAST),
    (EventStatus.CLOSED, BEFORE, Phase.CLOSED),
    (EventStatus.CLOSED, FIRST, Phase.CLOSED),
    (EventStatus.CLOSED, END - TICK, Phase.CLOSED),
    (EventStatus.CLOSED, END, Phase.PAST),
]


@pytest.mark.parametrize(("status", "at", "phase"), PHASES)
def test_phases_at_their_boundaries(status: EventStatus, at: datetime, phase: Phase) -> None:
    event = event_of(status, wishes_until=WISHES)
    assert phase_of(event, at) is phase
    with clock.fixed_at(at):
        assert phase_of(event) is phase


@pytest.mark.parametrize("status", STATUSES)
def test_without_slots_only_the_organiser_moves_the_event(status: EventStatus) -> None:
    phase = phase_of(event_of(status, slots=False), END)
    expected = {EventStatus.SCHEDULED: "published"}.get(status, status.value)
    assert phase.value == expected


ANY = "draft open wishes_closed published under_way past closed"
EXPECTED = {
    Act.EDIT: "draft open wishes_closed published under_way",
    Act.OPEN: "draft",
    Act.CLOSE: "open wishes_closed published under_way",
    Act.REOPEN: "closed",
    Act.WISH: "open published under_way",
    Act.ANSWER: "open wishes_closed published under_way",
    Act.SESSION: "open wishes_closed published under_way",
    Act.RULE: "draft open wishes_closed published under_way",
    Act.PLAN: "draft open wishes_closed published",
    Act.PUBLISH: "open wishes_closed published under_way",
    Act.REPAIR: "published under_way",
}
MOMENTS = {
    Phase.DRAFT: (EventStatus.DRAFT, BEFORE, None),
    Phase.OPEN: (EventStatus.OPEN, BEFORE, None),
    Phase.WISHES_CLOSED: (EventStatus.OPEN, WISHES, WISHES),
    Phase.PUBLISHED: (EventStatus.SCHEDULED, BEFORE, None),
    Phase.UNDER_WAY: (EventStatus.SCHEDULED, FIRST, None),
    Phase.PAST: (EventStatus.SCHEDULED, END, None),
    Phase.CLOSED: (EventStatus.CLOSED, BEFORE, None),
}


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("act", list(Act))
def test_what_each_phase_allows(act: Act, phase: Phase) -> None:
    status, at, wishes_until = MOMENTS[phase]
    event = event_of(status, wishes_until=wishes_until)
    assert phase_of(event, at) is phase
    expected = phase.value in EXPECTED[act].split()
    with clock.fixed_at(at):
        assert (allows(event, act), allows(event, act, at)) == (expected, expected)
        if expected:
            require_allowed(event, act)
        else:
            with pytest.raises(InvalidTransition) as refused:
                require_allowed(event, act)
            assert refused.value.message == refusal(event, act)


@pytest.mark.parametrize("act", list(Act))
def test_a_past_event_allows_nothing(act: Act) -> None:
    assert Phase.PAST not in ALLOWED[act]


@pytest.mark.parametrize(
    ("status", "wishes_until", "at", "expected"),
    [
        (EventStatus.OPEN, None, LAST - TICK, True),
        (EventStatus.OPEN, None, LAST, False),
        (EventStatus.SCHEDULED, None, LAST - TICK, True),
        (EventStatus.SCHEDULED, WISHES, WISHES - TICK, True),
        (EventStatus.SCHEDULED, WISHES, WISHES, False),
        (EventStatus.SCHEDULED, FIRST + TICK, FIRST, True),
        (EventStatus.SCHEDULED, FIRST + TICK, FIRST + TICK, False),
    ],
)
def test_wishes_close_at_their_date_and_at_the_last_slot(
    status: EventStatus, wishes_until: datetime | None, at: datetime, *, expected: bool
) -> None:
    assert allows(event_of(status, wishes_until=wishes_until), Act.WISH, at) is expected


def test_without_slots_nobody_is_heard() -> None:
    assert not allows(event_of(EventStatus.OPEN, slots=False), Act.WISH, BEFORE)


@pytest.mark.parametrize(
    ("status", "act", "at", "words"),
    [
        (EventStatus.DRAFT, Act.WISH, BEFORE, "en préparation"),
        (EventStatus.CLOSED, Act.PLAN, BEFORE, "est clos"),
        (EventStatus.SCHEDULED, Act.PLAN, END, "est passé"),
        (EventStatus.SCHEDULED, Act.PLAN, FIRST, "« Jour J »"),
        (EventStatus.OPEN, Act.WISH, WISHES, "plus de demandes"),
        (EventStatus.SCHEDULED, Act.WISH, LAST, "plus de demandes"),
        (EventStatus.OPEN, Act.REPAIR, BEFORE, "Publiez d’abord un planning"),
        (EventStatus.OPEN, Act.OPEN, BEFORE, "déjà ouvert"),
    ],
)
def test_refusals_say_why(status: EventStatus, act: Act, at: datetime, words: str) -> None:
    with clock.fixed_at(at):
        assert words in refusal(event_of(status, wishes_until=WISHES), act)


@given(
    st.sampled_from(STATUSES),
    st.none() | st.timedeltas(timedelta(days=-5), timedelta(days=1)).map(lambda gap: FIRST + gap),
    st.lists(st.timedeltas(timedelta(days=-10), timedelta(days=2)), min_size=2, max_size=6).map(sorted),
)
def test_time_only_goes_forward(
    status: EventStatus, wishes_until: datetime | None, gaps: list[timedelta]
) -> None:
    order = list(Phase)
    event = event_of(status, wishes_until=wishes_until)
    ranks = [order.index(phase_of(event, FIRST + gap)) for gap in gaps if status is not EventStatus.CLOSED]
    assert ranks == sorted(ranks)
