"""What the library refuses in a problem, or holds against a schedule."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.schedules.planner.problems import Problem
from app.schedules.reports import Fault

if TYPE_CHECKING:
    from matching.scheduling.model.errors import Fault as LibraryFault

FIGURES = {"objective", "bound", "status"}  # they move with the wishes: no reason to refuse a schedule


def problem_faults(problem: Problem) -> list[Fault]:
    """Everything that makes the problem impossible to solve."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import ProblemError

    try:
        SchedulingProblem.from_json(problem)
    except ProblemError as error:
        return _faults(error.items)
    return []


def schedule_faults(problem: Problem, schedule: Mapping[str, Any]) -> list[Fault]:
    """What the checker holds against a schedule of this problem; empty when it stands."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import ProblemError, check

    try:
        checked = SchedulingProblem.from_json(problem)
    except ProblemError as error:
        return _faults(error.items)
    return _faults(fault for fault in check(checked, schedule) if fault.code not in FIGURES)


def _faults(found: "Iterable[LibraryFault]") -> list[Fault]:
    return [Fault(one.code, tuple(str(one.item).split("/")), _slot(str(one.text)), str(one)) for one in found]


def _slot(text: str) -> int | None:
    named = re.search(r"slot (\d+)", text)
    return int(named[1]) if named else None
