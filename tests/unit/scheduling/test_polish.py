"""Polishing lowers breaks, keeps the value and every rule."""

import pytest

from matching.scheduling.check import check
from matching.scheduling.generator import generate
from matching.scheduling.polish import breaks_in, polish
from matching.scheduling.problem import Problem
from matching.scheduling.solve import solve


@pytest.mark.parametrize("seed", range(4))
def test_polished_schedule_stands_and_has_fewer_breaks(seed: int) -> None:
    data = generate(12, 20, 10, 9, windows="random15", wishes=10, pins=4, groups=2, seed=seed)
    problem = Problem.from_json(data | {"blocks": [0, 5]})
    schedule = solve(problem, work_limit=2)
    polished = polish(problem, schedule, work_limit=2)
    assert check(problem, polished) == []
    assert polished.objective == schedule.objective
    assert {(m.a, m.v) for m in polished.meetings} == {(m.a, m.v) for m in schedule.meetings}
    assert breaks_in(problem, polished) < breaks_in(problem, schedule)
    assert polish(problem, schedule, work_limit=2) == polished
