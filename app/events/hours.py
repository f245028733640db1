"""What the clock on the wall says, and the instant it means.

Everything is kept and computed on instants (UTC). A local hour is read once, when typed, in the event's zone:
one that the clocks skip in spring is refused, one that they show twice in autumn means the first pass unless
`later`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From one instant up to another, which is no part of it."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Period") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name. Raises RuleBroken on the field `timezone` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RuleBroken(fields={"timezone": _("Ce fuseau horaire est inconnu.")}) from error


def instant(day: date, hour: time, zone: ZoneInfo, *, later: bool = False) -> datetime:
    """The moment, in UTC, at which clocks of `zone` show this hour of this day; the second one if `later`."""
    moment = _moment(day, hour, zone, later=later)
    if moment is None:
        text = _("%(hour)s n’existe pas ce jour-là : les horloges sautent une heure.", hour=f"{hour:%H:%M}")
        raise RuleBroken(text)
    return moment


def period(day: date, starts: time, ends: time, zone: ZoneInfo, *, later: bool = False) -> Period:
    """From `starts` that day up to the first moment after it at which clocks show `ends`: an end at midnight
    or after it is the next day's, and an end may be the second pass of an hour of autumn."""
    first = instant(day, starts, zone, later=later)
    shown = [
        _moment(day + timedelta(days=days), ends, zone, later=again)
        for days in (0, 1)
        for again in (False, True)
    ]
    return Period(first, min(moment for moment in shown if moment is not None and moment > first))


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time in as few periods as possible, in order."""
    found: list[Period] = []
    for one in sorted(periods):
        if found and one.starts_at <= found[-1].ends_at:
            found[-1] = Period(found[-1].starts_at, max(found[-1].ends_at, one.ends_at))
        else:
            found.append(one)
    return found


def by_day(span: Period, zone: ZoneInfo) -> list[Period]:
    """The period cut at each local midnight."""
    parts, start = [], span.starts_at
    while start < span.ends_at:
        midnight = period(start.astimezone(zone).date(), time(), time(), zone).ends_at
        parts.append(Period(start, min(midnight, span.ends_at)))
        start = parts[-1].ends_at
    return parts


def moved(moment: datetime, old: ZoneInfo, new: ZoneInfo, shift: timedelta) -> datetime:
    """The moment at which clocks of `new` show, whole days later, what those of `old` showed."""
    local = moment.astimezone(old)
    return instant(local.date() + shift, local.time(), new, later=bool(local.fold))


def repeats_an_hour(day: date, zone: ZoneInfo) -> bool:
    """Whether clocks go back during that day, so that an hour comes twice."""
    whole = period(day, time(), time(), zone)
    return whole.ends_at - whole.starts_at > timedelta(hours=24)


def is_second_pass(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks showed the same hour once before."""
    return bool(moment.astimezone(zone).fold)


def _moment(day: date, hour: time, zone: ZoneInfo, *, later: bool) -> datetime | None:
    """None for an hour that the clocks skip."""
    local = datetime.combine(day, hour.replace(fold=int(later)), zone)
    moment = local.astimezone(UTC)
    return (
        moment
        if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0)
        else None
    )
