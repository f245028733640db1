"""What one more table, slot or hour of a delegation would bring to a schedule."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from app.schedules.planner.problems import Problem


def study(
    problem: Problem, schedule: Mapping[str, Any], *, should_stop: Callable[[], bool]
) -> list[dict[str, Any]]:
    """[{"code", "item", "points"}], the best first: by how many points each change raises the bound."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Schedule, relaxations

    given = SchedulingProblem.from_json(problem)
    return [asdict(found) for found in relaxations(given, Schedule.from_json(schedule), should_stop)]
