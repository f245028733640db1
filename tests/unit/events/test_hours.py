"""Local hours and instants, on the nights when clocks change and on all others."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.events.forms.events import ZONES
from app.events.hours import (
    Period,
    by_day,
    instant,
    is_second_pass,
    merged,
    moved,
    period,
    repeats_an_hour,
    zone_of,
)
from app.events.services import regular_slots

PARIS, CAYENNE = ZoneInfo("Europe/Paris"), ZoneInfo("America/Cayenne")
SPRING, AUTUMN, PLAIN = date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1)
# The hours below are those of Paris: clocks go from 02:00 to 03:00 in spring, from 03:00 to 02:00 in autumn.

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 5 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.builds(
    lambda start, minutes: Period(start, start + timedelta(minutes=minutes)), moments, st.integers(1, 5000)
)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


@given(moments, zones)
def test_an_hour_shown_means_the_moment_it_was_shown_at(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.astimezone(zone)
    again = instant(local.date(), local.time(), zone, later=is_second_pass(moment, zone))
    assert (again, again.tzinfo) == (moment, UTC)


@given(days, hours, hours, zones)
def test_a_period_ends_after_it_starts_and_shows_what_was_typed(
    day: date, starts: time, ends: time, zone: ZoneInfo
) -> None:
    try:
        span = period(day, starts, ends, zone)
    except RuleBroken:
        assert (zone, starts.hour) == (PARIS, 2) or zone.key == "Europe/Brussels"
        return
    assert timedelta() < span.ends_at - span.starts_at <= timedelta(hours=25)
    shown = [moment.astimezone(zone).time().replace(fold=0) for moment in (span.starts_at, span.ends_at)]
    assert shown == [starts, ends]
    assert span.starts_at.astimezone(zone).date() == day


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        (SPRING, time(1, 30), time(3, 30), (at(28, 0, 30), at(28, 1, 30))),
        (SPRING, time(1, 59), time(3), (at(28, 0, 59), at(28, 1))),
        (AUTUMN, time(1, 30), time(2, 30), (at(30, 23, 30, 10), at(31, 0, 30, 10))),
        (AUTUMN, time(2, 30), time(2, 15), (at(31, 0, 30, 10), at(31, 1, 15, 10))),
        (AUTUMN, time(2, 30), time(3, 30), (at(31, 0, 30, 10), at(31, 2, 30, 10))),
        (PLAIN, time(23, 40), time(0), (at(1, 21, 40, 6), at(1, 22, 0, 6))),
        (PLAIN, time(23, 40), time(0, 20), (at(1, 21, 40, 6), at(1, 22, 20, 6))),
    ],
)
def test_periods_over_midnight_and_over_the_changes_of_season(
    day: date, starts: time, ends: time, expected: tuple[datetime, datetime]
) -> None:
    assert period(day, starts, ends, PARIS) == Period(*expected)


def test_the_second_pass_of_an_hour_of_autumn_can_be_meant() -> None:
    assert instant(AUTUMN, time(2, 30), PARIS) == at(31, 0, 30, 10)
    assert instant(AUTUMN, time(2, 30), PARIS, later=True) == at(31, 1, 30, 10)
    assert period(AUTUMN, time(2, 30), time(2, 50), PARIS, later=True).starts_at == at(31, 1, 30, 10)
    assert is_second_pass(at(31, 1, 30, 10), PARIS)
    assert not is_second_pass(at(31, 0, 30, 10), PARIS)


@pytest.mark.parametrize(
    ("hour", "exists"), [((1, 59), True), ((2, 0), False), ((2, 59), False), ((3, 0), True)]
)
def test_an_hour_that_clocks_skip_in_spring_is_refused_with_words(
    hour: tuple[int, int], exists: bool
) -> None:
    if exists:
        instant(SPRING, time(*hour), PARIS)
        return
    with pytest.raises(RuleBroken) as refused:
        instant(SPRING, time(*hour), PARIS)
    assert f"{hour[0]:02}:{hour[1]:02} n’existe pas" in refused.value.message


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [(SPRING, PARIS, False), (AUTUMN, PARIS, True), (PLAIN, PARIS, False), (AUTUMN, CAYENNE, False)],
)
def test_which_days_repeat_an_hour(day: date, zone: ZoneInfo, *, expected: bool) -> None:
    assert repeats_an_hour(day, zone) is expected


@given(spans, spans)
def test_two_periods_overlap_when_an_instant_belongs_to_both(one: Period, other: Period) -> None:
    common = max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)
    assert one.overlaps(other) is other.overlaps(one) is common


def test_periods_that_touch_do_not_overlap() -> None:
    first, second = Period(at(1, 9), at(1, 10)), Period(at(1, 10), at(1, 11))
    assert not first.overlaps(second)
    assert first.overlaps(Period(at(1, 9, 59), at(1, 11)))


@given(st.lists(spans, max_size=6))
def test_merged_periods_cover_the_same_instants_and_never_touch(found: list[Period]) -> None:
    whole = merged(found)
    for before, after in pairwise(whole):
        assert before.ends_at < after.starts_at
    for moment in {span.starts_at for span in found} | {span.ends_at for span in found}:
        inside = [any(span.starts_at <= moment < span.ends_at for span in spans) for spans in (found, whole)]
        assert inside[0] == inside[1]


@given(spans, zones)
def test_a_period_cut_by_day_is_whole_again_once_merged(span: Period, zone: ZoneInfo) -> None:
    parts = by_day(span, zone)
    assert merged(parts) == [span]
    for part in parts:
        assert (
            part.starts_at.astimezone(zone).date()
            == (part.ends_at - timedelta(minutes=1)).astimezone(zone).date()
        )


@given(moments, zones, st.integers(0, 60))
def test_a_moment_moved_keeps_its_local_hour(moment: datetime, zone: ZoneInfo, shift: int) -> None:
    try:
        found = moved(moment, zone, zone, timedelta(days=shift))
    except RuleBroken:
        return
    old, new = moment.astimezone(zone), found.astimezone(zone)
    assert (new.time().replace(fold=0), new.date()) == (
        old.time().replace(fold=0),
        old.date() + timedelta(days=shift),
    )


@given(days, hours, st.integers(5, 480), st.integers(1, 40), st.integers(0, 240), zones)
def test_regular_slots_last_what_was_asked_whatever_clocks_do(
    day: date, first: time, length: int, count: int, pause: int, zone: ZoneInfo
) -> None:
    asked = {"length_min": length, "count": count, "pause_min": pause}
    try:
        made = regular_slots(held_on=day, first_at=first, timezone=zone.key, **asked)
    except RuleBroken:
        return
    assert len(made) == count
    assert {spec.ends_at - spec.starts_at for spec in made} == {timedelta(minutes=length)}
    gaps = {after.starts_at - before.ends_at for before, after in pairwise(made)}
    assert gaps <= {timedelta(minutes=pause)}
    assert made[0].starts_at.astimezone(zone).date() == day


def test_slots_made_at_half_past_one_on_the_night_of_spring() -> None:
    made = regular_slots(
        held_on=SPRING, first_at=time(1, 30), length_min=20, count=3, pause_min=10, timezone="Europe/Paris"
    )
    local = [spec.starts_at.astimezone(PARIS).strftime("%H:%M") for spec in made]
    assert local == ["01:30", "03:00", "03:30"]


@pytest.mark.parametrize("name", ["Europe/Atlantide", "", "../etc/passwd", "Europe/Paris\x00"])
def test_a_zone_that_there_is_not_is_refused_in_its_field(name: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        zone_of(name)
    assert list(refusal.value.fields) == ["timezone"]


def test_a_period_that_ends_at_an_hour_that_clocks_skip_ends_on_the_next_day() -> None:
    found = period(date(2027, 3, 28), time(1), time(2, 30), ZoneInfo("Europe/Paris"))
    assert found.ends_at == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)
