"""Absences follow the day they were said of: an event that moves takes them along, at the same hours."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.db import db
from app.core.errors import RuleBroken
from app.events.hours import Period, merged, moved
from app.events.models import Absence, Delegation, Event
from app.events.queries.delegations import delegations_of


def following(
    event: Event, starts: Mapping[datetime, datetime], old: ZoneInfo, new: ZoneInfo
) -> dict[Delegation, list[Period]]:
    """The delegations whose absences follow the slots (`starts`: when each was -> when it is), with when they
    are away then.

    Kept as instants they would speak of a day at which nothing happens any more; dropped, they would let a
    schedule count on people who said they cannot come. Those of a day that keeps its slots, or sees them
    scattered over several days, stay."""
    shifts = _shifts(starts, old, new)
    if not any(shifts.values()) and old == new:
        return {}
    found = {}
    for delegation in delegations_of(event.id):
        spans = [_moved(item, shifts, old, new) for item in delegation.absences]
        if spans != [item.period for item in delegation.absences]:
            found[delegation] = merged(spans)
    return found


def move_absences(found: Mapping[Delegation, list[Period]]) -> dict[int, tuple[Period, ...]]:
    """Write what is `following`; answers it by delegation, for who tells people."""
    for delegation, spans in found.items():
        set_absences(delegation, spans)
    return {delegation.id: tuple(spans) for delegation, spans in found.items()}


def set_absences(delegation: Delegation, wanted: list[Period]) -> None:
    known = {absence.starts_at: absence for absence in delegation.absences}
    kept = [known.get(span.starts_at) for span in wanted]
    delegation.absences = [absence for absence in kept if absence is not None]
    db.session.flush()  # one that leaves makes room for one that takes its hour
    delegation.absences += [
        Absence(starts_at=span.starts_at, ends_at=span.ends_at)
        for span, absence in zip(wanted, kept, strict=True)
        if absence is None
    ]
    for absence, span in zip(kept, wanted, strict=True):
        if absence is not None:
            absence.ends_at = span.ends_at


def _shifts(
    starts: Mapping[datetime, datetime], old: ZoneInfo, new: ZoneInfo
) -> dict[date | None, timedelta]:
    """By how many days each former local day moved, where all its slots did alike; under None, the whole
    event where it did."""
    by_day: dict[date | None, set[timedelta]] = {}
    for was, is_now in starts.items():
        day = was.astimezone(old).date()
        shift = is_now.astimezone(new).date() - day
        by_day.setdefault(day, set()).add(shift)
        by_day.setdefault(None, set()).add(shift)
    return {day: next(iter(found)) for day, found in by_day.items() if len(found) == 1}


def _moved(absence: Absence, shifts: Mapping[date | None, timedelta], old: ZoneInfo, new: ZoneInfo) -> Period:
    day = absence.starts_at.astimezone(old).date()
    shift = shifts.get(day, shifts.get(None, timedelta()))
    if not shift and old == new:
        return absence.period
    ends = [_at(moment, old, new, shift) for moment in (absence.starts_at, absence.ends_at)]
    return (
        Period(*ends)
        if ends[0] < ends[1]
        else Period(ends[0], ends[0] + (absence.ends_at - absence.starts_at))
    )


def _at(moment: datetime, old: ZoneInfo, new: ZoneInfo, shift: timedelta) -> datetime:
    """At the same local hour; an hour that clocks skip that day, one hour later."""
    try:
        return moved(moment, old, new, shift)
    except RuleBroken:
        return moved(moment + timedelta(hours=1), old, new, shift)
