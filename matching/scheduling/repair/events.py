"""What happens on the day, and the problem it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matching.scheduling.model.errors import Fault, ProblemError
from matching.scheduling.model.problem import Candidate, Participant, Problem


@dataclass(frozen=True, slots=True)
class Absence:
    """A no-show (`until` None) or a late arrival: absent from slot `start` up to, not including, `until`."""

    id: str
    start: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True)
class LostTables:
    """Tables that no longer exist from slot `start` on (the highest numbers)."""

    count: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A participant who joins, with the meetings it may hold."""

    participant: Participant
    candidates: tuple[Candidate, ...]


Event = Absence | LostTables | Newcomer


def apply_events(problem: Problem, events: Iterable[Event], started: int = 0) -> Problem:
    """The problem after the events. They change nothing before slot `started`: what has begun is history.

    Raises ProblemError naming every participant the problem does not know and every impossible figure."""
    people = {person.id: person for person in problem.participants}
    candidates = {(c.a, c.v): c for c in problem.candidates}
    tables = list(problem.tables)
    faults: list[Fault] = []
    for event in events:
        if isinstance(event, Absence):
            if event.id in people:
                people[event.id] = _absent(problem.slots, people[event.id], event, started)
            else:
                faults.append(_unknown(event.id, "absence"))
        elif isinstance(event, LostTables):
            if event.count < 0:
                faults.append(Fault("bad_number", "lost tables", f"lost tables: {event.count} is negative"))
            first = max(started, event.start)
            tables = [max(0, m - event.count) if t >= first else m for t, m in enumerate(tables)]
        else:
            people[event.participant.id] = event.participant
            for candidate in event.candidates:
                candidates[candidate.a, candidate.v] = candidate
    sides = {person.id: person.side for person in people.values()}
    for a, v in candidates:
        faults += [
            _unknown(identifier, f"meeting of {a!r} with {v!r}")
            for identifier, side in ((a, "A"), (v, "V"))
            if sides.get(identifier) != side
        ]
    if faults:
        raise ProblemError(faults)
    return replace(
        problem,
        participants=tuple(people.values()),
        candidates=tuple(candidates.values()),
        tables=tuple(tables),
    )


def _unknown(identifier: str, item: str) -> Fault:
    return Fault("unknown_id", identifier, f"{item}: no participant {identifier!r}")


def _absent(slots: int, person: Participant, event: Absence, started: int) -> Participant:
    start, until = max(event.start, started), slots if event.until is None else event.until
    present = range(slots) if person.avail is None else person.avail
    return replace(person, avail=tuple(slot for slot in present if not start <= slot < until))
