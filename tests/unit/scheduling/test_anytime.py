"""Cancelled at any moment a run gives a valid schedule; with a work limit it can be replayed."""

import json
import random
import threading
import time

import pytest

from matching.scheduling.budget import Budget
from matching.scheduling.generator import generate
from matching.scheduling.model.diagnostics import Replay
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Progress
from matching.scheduling.search.solve import polish_units, solve
from matching.scheduling.verify.check import check

HARD = Problem.from_json(generate(14, 14, 8, 6, windows="blocks50", wishes=9, pins=3, groups=2, seed=4))


@pytest.mark.parametrize("moment", range(50))
def test_cancelled_run_gives_a_valid_schedule(moment: int) -> None:
    calls = random.Random(moment).randrange(0, 60)
    asked = iter(range(10**9))
    schedule = solve(HARD, should_stop=lambda: next(asked) >= calls)
    assert check(HARD, schedule) == []


OPEN = Problem.from_json(generate(20, 20, 8, 9, windows="random30", wishes=12, pins=2, groups=2, seed=1))


def busy(done: threading.Event) -> None:
    while not done.is_set():
        sum(range(1_000))


def test_run_is_replayed_to_the_letter_on_a_busy_machine() -> None:
    calm = solve(OPEN, work_limit=2, seed=7)
    assert calm.status == "feasible"  # chance had its part
    done = threading.Event()
    others = [threading.Thread(target=busy, args=(done,)) for _ in range(3)]
    for other in others:
        other.start()
    try:
        loaded = solve(OPEN, work_limit=2, seed=7)
        timed = solve(OPEN, time_limit_s=600, work_limit=2, seed=7)
    finally:
        done.set()
    for other in others:
        other.join()
    assert calm.replay == Replay(7, 2, polish_units(calm), exact=True)
    assert calm.meetings != solve(OPEN, work_limit=2, seed=8).meetings
    assert json.dumps(loaded.to_json()) == json.dumps(calm.to_json()) == json.dumps(timed.to_json())


def test_run_cut_short_says_so() -> None:
    hurried = solve(HARD, time_limit_s=0.01)
    assert hurried.replay == Replay(0, None, polish_units(hurried), exact=False)
    stopped = solve(HARD, should_stop=lambda: True).replay
    assert stopped is not None
    assert not stopped.exact
    best = solve(HARD, work_limit=1)
    again = solve(HARD, work_limit=1, previous=best).replay
    assert again is not None
    assert not again.exact


def test_solver_is_interrupted_within_a_call() -> None:
    budget = Budget(None, None, should_stop=lambda: True)
    started = time.perf_counter()
    assert budget.wait_for(lambda: time.sleep(5)) is None
    assert time.perf_counter() - started < 2
    ended = threading.Event()
    assert budget.wait_for(lambda: ended.wait(60), ended.set) is True
    with pytest.raises(ZeroDivisionError):
        budget.wait_for(lambda: 1 // 0, ended.set)


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


CROWDED = Problem.from_json(
    {
        "name": "a better meeting takes the slot of an open pin",
        "slots": 3,
        "tables": 1,
        "shortfall_penalty": 0.5,
        "participants": [
            {"id": "a0", "side": "A", "avail": [0, 1], "min": 1, "max": 1},
            {"id": "a1", "side": "A", "avail": [2]},
            {"id": "a3", "side": "A", "min": 2},
            {"id": "v0", "side": "V"},
            {"id": "v1", "side": "V", "min": 2},
            {"id": "v3", "side": "V", "min": 2, "max": 2},
        ],
        "candidates": [
            {"a": "a0", "v": "v1", "w": 1},
            {"a": "a1", "v": "v3", "w": 1},
            {"a": "a3", "v": "v1", "w": 0, "remote": True},
        ],
        "pinned": [{"a": "a1", "v": "v3"}, {"a": "a3", "v": "v0"}, {"a": "a3", "v": "v3"}],
    }
)


def test_run_stopped_at_once_keeps_every_pin() -> None:
    told: list[Progress] = []
    schedule = solve(CROWDED, should_stop=lambda: True, on_progress=told.append)
    assert (check(CROWDED, schedule), schedule.status) == ([], "feasible")
    held = {(meeting.a, meeting.v) for meeting in schedule.meetings}
    assert held >= {(pin.a, pin.v) for pin in CROWDED.pinned}
    objectives = [progress.objective for progress in told]
    assert objectives == sorted(objectives)
