"""Max-min fairness: the floor of meetings everyone gets is raised as far as the flow can carry it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from matching.scheduling.bounds.flow import best_meetings
from matching.scheduling.bounds.relaxation import forced
from matching.scheduling.model.instance import build_instance
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule

MAX_PENALTY = 10**6


@dataclass(frozen=True, slots=True)
class Spread:
    """Meetings of the worst and best served and the mean, over the participants asked about."""

    least: int
    most: int
    mean: float


def spread(problem: Problem, schedule: Schedule, ids: Collection[str] | None = None) -> Spread:
    """How evenly meetings fall on these participants (all of them by default)."""
    counts = Counter(identifier for m in schedule.meetings for identifier in (m.a, m.v))
    mine = [counts[p.id] for p in problem.participants if ids is None or p.id in ids]
    return Spread(min(mine), max(mine), sum(mine) / len(mine)) if mine else Spread(0, 0, 0.0)


def with_floor(problem: Problem, floor: int, ids: Collection[str] | None = None) -> Problem:
    """At least this minimum for these participants (an SME floor, say), within what each can hold."""
    limits = _limits(problem)
    people = tuple(
        replace(p, min=max(p.min, min(floor, limits[p.id]))) if ids is None or p.id in ids else p
        for p in problem.participants
    )
    return replace(problem, participants=people)


@dataclass(frozen=True, slots=True)
class Raised:
    """A problem whose floor was raised as far as it could be, and that floor (0: not at all)."""

    problem: Problem
    floor: int


def raise_floor(
    problem: Problem,
    ids: Collection[str] | None = None,
    should_stop: Callable[[], bool] | None = None,
    *,
    most: int | None = None,
) -> Raised:
    """Raise the floor of these participants (all by default) step by step, one flow a step, up to `most` and
    while it costs nobody a minimum.

    A floor above what someone can hold at all counts as reached by that person. Asked for at once, a floor
    out of reach would trade minimums of equal price: some would lose the first meeting so that others get
    the last."""
    penalty = min(MAX_PENALTY, 1 + sum(candidate.worth for candidate in problem.candidates))
    best = Raised(problem, 0)
    missing = _missing(replace(problem, shortfall_penalty=penalty))
    for floor in range(1, (problem.slots if most is None else min(most, problem.slots)) + 1):
        if should_stop is not None and should_stop():
            break
        trial = with_floor(problem, floor, ids)
        if trial != best.problem and _missing(replace(trial, shortfall_penalty=penalty)) > missing:
            break
        best = Raised(trial, floor)
    return best


def _missing(problem: Problem) -> int:
    """Meetings missing to minimums in the best relaxed choice."""
    instance = build_instance(problem, forced(problem))
    chosen, _ = best_meetings(instance)
    counts = Counter(p for m in chosen for p in (instance.first[m], instance.second[m]))
    return sum(max(0, least - counts[person]) for person, least in enumerate(instance.low))


def _limits(problem: Problem) -> dict[str, int]:
    """The most meetings each participant could hold: candidates, presence, maximum."""
    offers = Counter(identifier for c in problem.candidates for identifier in (c.a, c.v))
    return {
        p.id: min(
            offers[p.id],
            problem.slots if p.avail is None else len(p.avail),
            problem.slots if p.max is None else p.max,
        )
        for p in problem.participants
    }
