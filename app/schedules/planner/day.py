"""What happened on the day, taken out of a problem.

It counts from the first slot not started: what has begun is history, and no schedule can mend it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.events.enums import DayEventKind
from app.events.models import DayEvent


def after_day(
    problem: dict[str, Any], events: Sequence[DayEvent], starts: Sequence[datetime], started: int
) -> dict[str, Any]:
    """The problem without those absent nor the tables lost; `starts`: when each slot begins."""
    if not events:
        return problem
    away = _away(events, starts, started)
    lost = _lost(events, starts, started)
    people = [_present(person, away[person["id"]], problem["slots"]) for person in problem["participants"]]
    return problem | {
        "tables": [max(0, tables - gone) for tables, gone in zip(problem["tables"], lost, strict=True)],
        "participants": people,
        "pinned": [pin for pin in problem["pinned"] if _stands(pin, away)],
        "groups": [
            _seated(group, away)
            for group in problem["groups"]
            if group["slots"][0] not in away[group["ambassador"]]
        ],
    }


def _away(events: Sequence[DayEvent], starts: Sequence[datetime], started: int) -> defaultdict[str, set[int]]:
    away: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.kind in (DayEventKind.NO_SHOW, DayEventKind.LATE):
            away[str(event.delegation_id)] |= _covered(event, starts, started)
    return away


def _lost(events: Sequence[DayEvent], starts: Sequence[datetime], started: int) -> list[int]:
    """Tables lost at each slot."""
    lost = [0] * len(starts)
    for event in events:
        if event.kind is DayEventKind.LOST_TABLES:
            for slot in _covered(event, starts, started):
                lost[slot] += event.tables or 0
    return lost


def _covered(event: DayEvent, starts: Sequence[datetime], started: int) -> set[int]:
    return {slot for slot in range(started, len(starts)) if event.covers(starts[slot])}


def _present(person: dict[str, Any], away: set[int], slots: int) -> dict[str, Any]:
    """The person where they still are; nobody's minimum counts meetings they cannot attend."""
    if not away:
        return person
    present = range(slots) if person["avail"] is None else person["avail"]
    avail = [slot for slot in present if slot not in away]
    return person | {"avail": avail, "min": min(person["min"], len(avail))}


def _stands(pin: dict[str, Any], away: Mapping[str, set[int]]) -> bool:
    """A pinned pair one of whom is away is pinned no more, unless at a slot both attend."""
    absent = away.get(pin["a"], set()) | away.get(pin["v"], set())
    return not absent or ("slot" in pin and pin["slot"] not in absent)


def _seated(group: dict[str, Any], away: Mapping[str, set[int]]) -> dict[str, Any]:
    """The session with the vendors who can still come."""
    vendors = [seat for seat in group["vendors"] if group["slots"][0] not in away.get(seat["v"], set())]
    return group | {"vendors": vendors, "min": min(group["min"], len(vendors))}
