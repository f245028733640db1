"""The solver against exhaustive search: the same optimum wherever it claims one, a true bound elsewhere."""

from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings

from matching.scheduling.check import check
from matching.scheduling.errors import ProblemError
from matching.scheduling.problem import Problem
from matching.scheduling.solve import solve
from tests.unit.scheduling.exhaustive import best_value, tiny_problems

RELAXED = settings(
    max_examples=1100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@given(data=tiny_problems())
@RELAXED
def test_optimum_equals_exhaustive_search(data: dict[str, Any]) -> None:
    best = best_value(data)
    try:
        problem = Problem.from_json(data)
    except ProblemError:
        assert best is None  # a contradiction is refused only where no schedule exists
        assume(False)
        return
    schedule = solve(problem)
    event(schedule.status)
    if best is None:
        assert schedule.status == "infeasible"
        return
    assert check(problem, schedule) == []
    assert schedule.objective <= best + 1e-6
    assert schedule.bound >= best - 1e-6
    assert schedule.status == "optimal"
