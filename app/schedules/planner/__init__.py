"""The only door to `matching.scheduling`: `problems` builds the problem of an event, `checks` tells what
stands against one or against a schedule, `solving`, `repairs` and `studies` have work done. What comes out is
typed (`app.schedules.reports`)."""

from app.schedules.planner.checks import problem_faults, schedule_faults
from app.schedules.planner.problems import Problem, build_problem, candidate_values, hours_of, names_of
from app.schedules.planner.repairs import repair
from app.schedules.planner.schedules import missing_meetings, seats, with_tables
from app.schedules.planner.solving import solve
from app.schedules.planner.studies import study

__all__ = [
    "Problem",
    "build_problem",
    "candidate_values",
    "hours_of",
    "missing_meetings",
    "names_of",
    "problem_faults",
    "repair",
    "schedule_faults",
    "seats",
    "solve",
    "study",
    "with_tables",
]
