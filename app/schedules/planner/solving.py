"""Having a problem solved, with what the organiser asked for: fairness, an earlier start, fewer breaks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, Self

from app.schedules.planner.problems import Problem

if TYPE_CHECKING:
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Schedule


REFERENCE_SHARE = 0.4  # of the seconds, for the schedule without fairness that the fair one is compared with


POLISH_WORK = 20.0  # about two seconds in the background: an organiser waits for it gladly


class Progress(Protocol):
    """What the solver tells while it works."""

    @property
    def phase(self) -> str: ...
    @property
    def objective(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def gap(self) -> float: ...
    @property
    def elapsed_s(self) -> float: ...


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What an organiser asks of a run. `raise_floor`: as many meetings as possible for the worst served;
    `sme_floor`: meetings for each SME; `keep_published`: start from the published schedule and leave it only
    for a better one, its slots unpolished; `polish`: fewer breaks at the same value."""

    raise_floor: bool = False
    sme_floor: int = 0
    keep_published: bool = False
    polish: bool = True

    @property
    def is_fair(self) -> bool:
        return self.raise_floor or self.sme_floor > 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Options as stored; those unknown or missing are left at their defaults."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})


def solve(
    problem: Problem,
    *,
    time_limit_s: float,
    seed: int,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    options: RunOptions = RunOptions(),
    previous: Mapping[str, Any] | None = None,
    smes: Collection[str] = (),
) -> dict[str, Any]:
    """The best schedule found in the time given, in the interchange format. Where fairness raised minimums,
    "problem" is the one solved and "spread" tells how meetings fall without and with it, and which floor was
    asked and could be kept for SMEs."""
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Schedule
    from matching.scheduling import solve as solve_schedule

    asked = SchedulingProblem.from_json(problem)
    start = Schedule.from_json(previous) if previous is not None else None
    deadline = monotonic() + time_limit_s

    polish = options.polish and start is None

    def run(
        given: "SchedulingProblem", seconds: float, first: "Schedule | None", *, polish: bool
    ) -> "Schedule":
        return solve_schedule(
            given,
            time_limit_s=max(seconds, 0.1),
            seed=seed,
            previous=first,
            polish_work=POLISH_WORK if polish else 0,
            on_progress=on_progress,
            should_stop=should_stop,
        )

    if not options.is_fair:
        return run(asked, time_limit_s, start, polish=polish).to_json()
    plain = run(asked, REFERENCE_SHARE * time_limit_s, start, polish=False)
    fair, kept_floor = _fair(asked, options, smes, should_stop)
    schedule = run(fair, deadline - monotonic(), plain, polish=polish)
    sme = {"sme": {"asked": options.sme_floor, "kept": kept_floor}} if options.sme_floor else {}
    return schedule.to_json() | {
        "problem": fair.to_json(),
        "spread": {"before": _spread(asked, plain), "after": _spread(asked, schedule), **sme},
    }


def _fair(
    problem: "SchedulingProblem", options: RunOptions, smes: Collection[str], should_stop: Callable[[], bool]
) -> tuple["SchedulingProblem", int]:
    """The problem with its raised minimums, and the floor that SMEs could be given."""
    from matching.scheduling import raise_floor

    raised = raise_floor(problem, set(smes), should_stop, most=options.sme_floor)
    if not options.raise_floor:
        return raised.problem, raised.floor
    return raise_floor(raised.problem, None, should_stop).problem, raised.floor


def _spread(problem: "SchedulingProblem", schedule: "Schedule") -> dict[str, Any]:
    """Meetings per participant of each side: least, median, most, how many have the least; the points of the
    meetings alone, comparable whatever the minimums; "histogram": people with 0, 1, 2... meetings."""
    counts = {person.id: 0 for person in problem.participants}
    for meeting in schedule.meetings:
        counts[meeting.a] += 1
        counts[meeting.v] += 1
    values = {(c.a, c.v): c.w for c in problem.candidates}
    sides = {
        side: _figures([counts[person.id] for person in problem.participants if person.side == side])
        for side in ("A", "V")
    }
    return {"sides": sides, "points": sum(values.get((m.a, m.v), 0) for m in schedule.meetings)}


def _figures(counts: list[int]) -> dict[str, Any]:
    least = min(counts, default=0)
    return {
        "people": len(counts),
        "least": least,
        "median": median(counts) if counts else 0,
        "most": max(counts, default=0),
        "at_least": counts.count(least),
        "histogram": [counts.count(number) for number in range(max(counts, default=0) + 1)],
    }
