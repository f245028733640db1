"""Cancelled at any moment a run gives a valid schedule; with a work limit it can be replayed."""

import random

import pytest

from matching.scheduling.check import check
from matching.scheduling.generator import generate
from matching.scheduling.problem import Problem
from matching.scheduling.solution import Progress
from matching.scheduling.solve import solve

HARD = Problem.from_json(generate(14, 14, 8, 6, windows="blocks50", wishes=9, pins=3, groups=2, seed=4))


@pytest.mark.parametrize("moment", range(50))
def test_cancelled_run_gives_a_valid_schedule(moment: int) -> None:
    calls = random.Random(moment).randrange(0, 60)
    asked = iter(range(10**9))
    schedule = solve(HARD, should_stop=lambda: next(asked) >= calls)
    assert check(HARD, schedule) == []


def test_run_with_a_work_limit_is_replayed() -> None:
    assert solve(HARD, work_limit=3, seed=7) == solve(HARD, work_limit=3, seed=7)


def test_progress_never_worsens() -> None:
    told: list[Progress] = []
    schedule = solve(HARD, work_limit=10, on_progress=told.append)
    objectives = [progress.objective for progress in told]
    bounds = [progress.bound for progress in told]
    assert objectives == sorted(objectives)
    assert bounds == sorted(bounds, reverse=True)
    assert (told[-1].objective, told[-1].bound) == (schedule.objective, schedule.bound)


def test_earlier_schedule_is_a_start() -> None:
    best = solve(HARD, work_limit=10)
    again = solve(HARD, previous=best, should_stop=lambda: True)
    assert check(HARD, again) == []
