"""The only source of the current moment, always aware, always UTC: tests fix it, and so does loading what was
said before today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_fixed: list[datetime] = []  # a stack, shared by threads: a test's clock also rules the server it drives


def now() -> datetime:
    return _fixed[-1] if _fixed else datetime.now(UTC)


def today() -> date:
    return now().date()


@contextmanager
def fixed_at(moment: datetime) -> Iterator[None]:
    """Freeze the clock at an aware `moment` within the block."""
    _fixed.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.pop()
