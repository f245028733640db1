"""The only source of the current moment, always aware, always UTC, and of the day, which is France's: tests
fix them, and so does loading what was said before today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FRANCE = ZoneInfo("Europe/Paris")
_fixed: list[datetime] = []  # a stack, shared by threads: a test's clock also rules the server it drives


def now() -> datetime:
    return _fixed[-1] if _fixed else datetime.now(UTC)


def today() -> date:
    """The date in France: validity, deadlines and law begin and end at its midnight."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The date in France at an aware `moment`."""
    return moment.astimezone(FRANCE).date()


@contextmanager
def fixed_at(moment: datetime) -> Iterator[None]:
    """Freeze the clock at an aware `moment` within the block."""
    _fixed.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.pop()
