"""What happens on the day, and the problem it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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


def apply_events(problem: Problem, events: Iterable[Event]) -> Problem:
    """The problem after the events; pins that became impossible are dropped."""
    people = {person.id: person for person in problem.participants}
    candidates = list(problem.candidates)
    tables = list(problem.tables)
    for event in events:
        if isinstance(event, Absence):
            people[event.id] = _absent(problem.slots, people[event.id], event)
        elif isinstance(event, LostTables):
            tables = [max(0, m - event.count) if t >= event.start else m for t, m in enumerate(tables)]
        else:
            people[event.participant.id] = event.participant
            candidates += event.candidates
    problem = replace(
        problem, participants=tuple(people.values()), candidates=tuple(candidates), tables=tuple(tables)
    )
    return replace(
        problem, pinned=tuple(pin for pin in problem.pinned if _is_possible(problem, pin.a, pin.v))
    )


def _absent(slots: int, person: Participant, event: Absence) -> Participant:
    until = slots if event.until is None else event.until
    present = range(slots) if person.avail is None else person.avail
    return replace(person, avail=tuple(slot for slot in present if not event.start <= slot < until))


def _is_possible(problem: Problem, a: str, v: str) -> bool:
    people = {person.id: person for person in problem.participants if person.id in {a, v}}
    pin = next(pin for pin in problem.pinned if (pin.a, pin.v) == (a, v))
    slots = range(problem.slots) if pin.slot is None else (pin.slot,)
    return any(
        people[a].is_available(slot)
        and people[v].is_available(slot)
        and problem.tables[slot] > (-1 if pin.table is None else pin.table)
        for slot in slots
    )
