"""Scheduling of one-to-one meetings and group sessions: a schedule, a proven bound on its value, and why.

This is the door: `solve` a `Problem`, `check` a `Schedule`, ask for reasons and studies. Repairs have theirs,
`matching.scheduling.repair`. What is behind is imported when it is first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.scheduling.model.errors import Fault, ProblemError, SchedulingError
    from matching.scheduling.model.problem import Candidate, Group, Participant, Pin, Problem, Seat
    from matching.scheduling.model.schedule import HeldGroup, Meeting, Progress, Schedule
    from matching.scheduling.search.solve import solve
    from matching.scheduling.studies.fairness import raise_floor
    from matching.scheduling.studies.reasons import explain
    from matching.scheduling.studies.relaxations import Relaxation, relaxations
    from matching.scheduling.verify.check import check

HOMES = {
    "model.errors": ("Fault", "ProblemError", "SchedulingError"),
    "model.problem": ("Candidate", "Group", "Participant", "Pin", "Problem", "Seat"),
    "model.schedule": ("HeldGroup", "Meeting", "Progress", "Schedule"),
    "search.solve": ("solve",),
    "studies.fairness": ("raise_floor",),
    "studies.reasons": ("explain",),
    "studies.relaxations": ("Relaxation", "relaxations"),
    "verify.check": ("check",),
}

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


def __getattr__(name: str) -> Any:
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
