"""The solver against exhaustive search: the same optimum wherever it claims one, a true bound elsewhere."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings

from matching.scheduling.bounds.relaxation import relaxed_bound
from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.search import solve as solver
from matching.scheduling.verify.check import check
from tests.unit.scheduling.exhaustive import best_value, tiny_problems

SETTINGS = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def solve_beside_exhaustive_search(data: dict[str, Any]) -> tuple[Schedule, float | None]:
    """The solver's answer, verified as far as it claims, and the best value there is."""
    best = best_value(data)
    try:
        problem = Problem.from_json(data)
    except ProblemError:
        assert best is None  # a contradiction is refused only where no schedule exists
        assume(False)
        raise
    schedule = solver.solve(problem)
    event(schedule.status)
    if best is not None and schedule.status != "infeasible":
        assert check(problem, schedule) == []
        assert schedule.objective <= best + 1e-6
        assert schedule.bound >= best - 1e-6
        if schedule.status == "optimal":
            assert abs(schedule.objective - best) <= 1e-6
    return schedule, best


@given(data=tiny_problems())
@settings(SETTINGS, max_examples=1000)
def test_optimum_equals_exhaustive_search(data: dict[str, Any]) -> None:
    schedule, best = solve_beside_exhaustive_search(data)
    assert schedule.status == ("optimal" if best is not None else "infeasible")


@given(data=tiny_problems())
@settings(SETTINGS, max_examples=300)
def test_layers_for_large_problems_claim_nothing_false(data: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "SMALL", -1)
        solve_beside_exhaustive_search(data)


@given(data=tiny_problems().filter(lambda data: bool(data["groups"])))
@settings(SETTINGS, max_examples=150)
def test_bound_that_leaves_sessions_their_choice_is_true(data: dict[str, Any]) -> None:
    best = best_value(data)
    assume(best is not None)
    problem = Problem.from_json(data)
    assert relaxed_bound(problem) / Objective(problem).scale >= (best or 0) - 1e-6


def test_sessions_that_choose_their_slot_are_proved_on_a_large_problem() -> None:
    problem = Problem.from_json(generate(60, 120, 12, 30, windows="random15", wishes=20, groups=4, seed=1))
    assert solver.solve(problem, work_limit=20).status == "optimal"
