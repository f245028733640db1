"""The only door of the agenda to `matching.scheduling`: `problems` builds the problem of an event, `checks`
says refusals in French, `solving`, `repairs` and `studies` have work done, `words` says what came of it."""

from app.agenda.planner.checks import check_problem, conflicts
from app.agenda.planner.problems import Problem, build_problem, candidate_values, hours_of, names_of
from app.agenda.planner.repairs import MovePolicy, repair
from app.agenda.planner.schedules import missing_meetings, seats, with_tables
from app.agenda.planner.solving import Progress, RunOptions, solve
from app.agenda.planner.studies import study
from app.agenda.planner.words import (
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
