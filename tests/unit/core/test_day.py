"""The day is France's, and the moment UTC's."""

from datetime import UTC, date, datetime

import pytest

from app.core.clock import fixed_at, now, today


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 0, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_today_is_the_date_in_france(moment: datetime, day: date) -> None:
    with fixed_at(moment):
        assert (today(), now()) == (day, moment)
