"""The only door to `matching.scheduling`: `problems` builds the problem of an event, `checks` says
refusals in French, `solving`, `repairs` and `studies` have work done."""

from app.schedules.planner.checks import check_problem, conflicts
from app.schedules.planner.problems import Problem, build_problem, candidate_values, hours_of, names_of
from app.schedules.planner.repairs import MovePolicy, repair
from app.schedules.planner.schedules import missing_meetings, seats, with_tables
from app.schedules.planner.solving import Progress, RunOptions, solve
from app.schedules.planner.studies import study

__all__ = [
    "MovePolicy",
    "Problem",
    "Progress",
    "RunOptions",
    "build_problem",
    "candidate_values",
    "check_problem",
    "conflicts",
    "hours_of",
    "missing_meetings",
    "names_of",
    "repair",
    "seats",
    "solve",
    "study",
    "with_tables",
]
