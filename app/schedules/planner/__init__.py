"""The only door to `matching.scheduling`: `problems` builds the problem of an event, `checks` says
refusals in French, `solving`, `repairs` and `studies` have work done, `words` says what came of it."""

from app.schedules.planner.checks import check_problem, conflicts
from app.schedules.planner.problems import Problem, build_problem, candidate_values, hours_of, names_of
from app.schedules.planner.repairs import MovePolicy, repair
from app.schedules.planner.schedules import missing_meetings, seats, with_tables
from app.schedules.planner.solving import Progress, RunOptions, solve
from app.schedules.planner.studies import study
from app.schedules.planner.words import (
    bottleneck_text,
    change_text,
    comfort_text,
    phase_text,
    relaxation_text,
    unplaced_text,
)

__all__ = [
    "MovePolicy",
    "Problem",
    "Progress",
    "RunOptions",
    "bottleneck_text",
    "build_problem",
    "candidate_values",
    "change_text",
    "check_problem",
    "comfort_text",
    "conflicts",
    "hours_of",
    "missing_meetings",
    "names_of",
    "phase_text",
    "relaxation_text",
    "repair",
    "seats",
    "solve",
    "study",
    "unplaced_text",
    "with_tables",
]
