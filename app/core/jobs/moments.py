"""When scheduled jobs are due: a moment of each day in French time, or of each hour."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from app.core.clock import FRANCE, day_of

LatestMoment = Callable[[datetime], datetime]
"""The latest due moment that is not after the aware moment given."""


def daily(hour: int, minute: int = 0) -> LatestMoment:
    """Every day at this hour in France, whatever the season."""

    def latest(moment: datetime) -> datetime:
        day = day_of(moment)
        due = datetime.combine(day, time(hour, minute), FRANCE).astimezone(moment.tzinfo)
        if due > moment:
            due = datetime.combine(day - timedelta(days=1), time(hour, minute), FRANCE)
        return due.astimezone(moment.tzinfo)

    return latest


def hourly(minute: int = 0) -> LatestMoment:
    """Every hour, this many minutes past."""

    def latest(moment: datetime) -> datetime:
        due = moment.replace(minute=minute, second=0, microsecond=0)
        return due if due <= moment else due - timedelta(hours=1)

    return latest
