"""What one more table, slot or hour of a delegation would bring: each change bounded anew by a flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from matching.scheduling.bounds.relaxation import relaxed_bound
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Participant, Problem
from matching.scheduling.model.schedule import Schedule

LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change, the item it concerns, and the points by which it raises the proven bound."""

    code: str
    item: str
    points: float


def relaxations(
    problem: Problem, schedule: Schedule, should_stop: Callable[[], bool] | None = None
) -> list[Relaxation]:
    """The changes that raise the bound, best first: "table" (one more at a slot), "slot" (one more, for all),
    "hour" (a slot more of a delegation; the ones with most unplaced wishes are tried)."""
    base = _bound(problem)
    found = []
    for code, item, changed in _changes(problem, schedule):
        if should_stop is not None and should_stop():
            break
        gain = _bound(changed) - base
        if gain > 0:
            found.append(Relaxation(code, item, gain))
    return sorted(found, key=lambda relaxation: (-relaxation.points, relaxation.code, relaxation.item))


def _bound(problem: Problem) -> float:
    return relaxed_bound(problem) / Objective(problem).scale


def _changes(problem: Problem, schedule: Schedule) -> list[tuple[str, str, Problem]]:
    extra = replace(
        problem,
        slots=problem.slots + 1,
        tables=(*problem.tables, max(problem.tables)),
        participants=tuple(
            p if p.avail is None else replace(p, avail=(*p.avail, problem.slots))
            for p in problem.participants
        ),
    )
    changes = [("slot", str(problem.slots), extra)]
    loads = [0] * problem.slots
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    for meeting in schedule.meetings:
        loads[meeting.slot] += (meeting.a, meeting.v) not in remote
    full = [slot for slot in range(problem.slots) if loads[slot] >= problem.tables[slot]]
    for slot in full[:LONGEST_LIST]:
        tables = tuple(count + (place == slot) for place, count in enumerate(problem.tables))
        changes.append(("table", str(slot), replace(problem, tables=tables)))
    waiting: dict[str, int] = {}
    for entry in schedule.unplaced:
        for identifier in (entry.a, entry.v):
            waiting[identifier] = waiting.get(identifier, 0) + 1
    short = [p for p in problem.participants if p.avail is not None and p.id in waiting]
    short.sort(key=lambda person: -waiting[person.id])
    for person in short[:LONGEST_LIST]:
        for slot in range(problem.slots):
            if not person.is_available(slot):
                changes.append(("hour", f"{person.id}@{slot}", _with_hour(problem, person, slot)))
                break
    return changes


def _with_hour(problem: Problem, person: Participant, slot: int) -> Problem:
    wider = replace(person, avail=tuple(sorted((*(person.avail or ()), slot))))
    return replace(
        problem, participants=tuple(wider if p.id == person.id else p for p in problem.participants)
    )
