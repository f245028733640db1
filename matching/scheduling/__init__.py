"""Scheduling of one-to-one meetings and group sessions: a schedule, a proven bound on its value, and why.

This is the door: `solve` a `Problem`, `check` a `Schedule`, ask for reasons and studies. Repairs have theirs,
`matching.scheduling.repair`. Importing it loads no solver."""

from matching.scheduling.model.errors import Fault, ProblemError, SchedulingError
from matching.scheduling.model.problem import Candidate, Group, Participant, Pin, Problem, Seat
from matching.scheduling.model.schedule import HeldGroup, Meeting, Progress, Schedule
from matching.scheduling.search.solve import solve
from matching.scheduling.studies.fairness import raise_floor
from matching.scheduling.studies.reasons import explain
from matching.scheduling.studies.relaxations import Relaxation, relaxations
from matching.scheduling.verify.check import check

__all__ = [
    "Candidate",
    "Fault",
    "Group",
    "HeldGroup",
    "Meeting",
    "Participant",
    "Pin",
    "Problem",
    "ProblemError",
    "Progress",
    "Relaxation",
    "Schedule",
    "SchedulingError",
    "Seat",
    "check",
    "explain",
    "raise_floor",
    "relaxations",
    "solve",
]
