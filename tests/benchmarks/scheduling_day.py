"""Breaks, repairs on the day, and the published instances of fewest breaks."""

from __future__ import annotations

import random
import sys
import time

from matching.scheduling.breaks.b2b import read_dzn
from matching.scheduling.breaks.minimise import minimise_breaks
from matching.scheduling.breaks.polish import polish
from matching.scheduling.model.problem import Problem
from matching.scheduling.repair.events import Absence, Event
from matching.scheduling.repair.repair import repair
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check
from tests.benchmarks.scheduling_classes import Scale, Size

MEDIUM = Size(100, 300, 16, 60, 30, 10, seeds=10, quick_seeds=1)
LARGE = Size(500, 2000, 20, 300, 30, 10, seeds=10, quick_seeds=1)
NO_SHOWS = 0.05
B2B_SECONDS = 60.0


def polished_breaks(scale: Scale) -> None:
    """Breaks before and after ten seconds, the value unchanged, and what is unavoidable."""
    for windows in ("none", "random15"):
        for seed in scale.seeds(MEDIUM):
            problem = Problem.from_json(MEDIUM.data(windows, seed))
            schedule = solve(problem, time_limit_s=MEDIUM.seconds, polish_work=0)
            polished = polish(problem, schedule, time_limit_s=MEDIUM.seconds)
            if check(problem, polished) or polished.objective != schedule.objective:
                raise SystemExit(f"{problem.name}: polish broke a rule")
            breaks, moves, idle = polished.comfort
            unavoidable = breaks.bound or 0
            _say(
                f"{MEDIUM} {windows} seed {seed}: breaks {breaks.before} -> {breaks.after}"
                f" ({breaks.after / breaks.before - 1:+.0%}; at least {unavoidable}, of the avoidable"
                f" {(breaks.after - breaks.before) / (breaks.before - unavoidable):+.0%}),"
                f" table moves {moves.before} -> {moves.after} (at least {moves.bound}),"
                f" idle slots {idle.before} -> {idle.after}"
            )


def repairs(scale: Scale) -> None:
    """5 % of no-shows: fill at once, then the best with moves, at one point for each."""
    for size, allow_moves in ((LARGE, False), (MEDIUM, True)):
        for seed in scale.seeds(size):
            problem = Problem.from_json(size.data("random15", seed))
            published = solve(problem, time_limit_s=size.seconds, polish_work=0)
            rng = random.Random(seed)
            people = [person.id for person in problem.participants]
            events: list[Event] = [Absence(i) for i in rng.sample(people, round(NO_SHOWS * len(people)))]
            started = time.perf_counter()
            answer = repair(problem, published, events, allow_moves=allow_moves, time_limit_s=size.seconds)
            spent = time.perf_counter() - started
            if found := check(answer.problem, answer.schedule):
                raise SystemExit(f"{problem.name}: {found[0]}")
            given_up = sum(change.reason == "gives way to a better meeting" for change in answer.dropped)
            value = answer.schedule.objective - len(answer.moved) - given_up
            _say(
                f"{size} seed {seed}, moves {'allowed' if allow_moves else 'none'}: {spent:.2f} s,"
                f" {len(answer.dropped)} dropped, {len(answer.moved)} moved, {len(answer.added)} added"
                + (f", {value / answer.schedule.bound:.5f} of its bound" if allow_moves else "")
            )


def published_instances(scale: Scale) -> None:
    """The B2B instances: fewest breaks, proved."""
    if scale.b2b is None:
        _say("no folder given (--b2b): left out")
        return
    total, proved, slowest = 0.0, 0, 0.0
    files = sorted(scale.b2b.glob("*.original.dzn"))
    for path in files if scale.full else files[:3]:
        answer = minimise_breaks(read_dzn(path), B2B_SECONDS)
        total, slowest, proved = total + answer.seconds, max(slowest, answer.seconds), proved + answer.proved
        _say(f"{path.stem}: {answer.breaks} breaks, at least {answer.bound}, {answer.seconds:.1f} s")
    _say(f"proved {proved}, {total:.1f} s in total, slowest {slowest:.1f} s")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
