"""What one more table, slot or hour of a delegation would bring to a schedule."""

from collections.abc import Callable, Mapping
from typing import Any

from app.schedules.planner.problems import Problem
from app.schedules.reports import Gain


def study(problem: Problem, schedule: Mapping[str, Any], *, should_stop: Callable[[], bool]) -> list[Gain]:
    """The best first: by how many points each change raises the bound."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Schedule, relaxations

    given = SchedulingProblem.from_json(problem)
    found = relaxations(given, Schedule.from_json(schedule), should_stop)
    return [Gain(one.code, one.item, one.points) for one in found]
