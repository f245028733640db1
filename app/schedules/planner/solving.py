"""Having a problem solved, with what the organiser asked for: fairness, an earlier start, fewer breaks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Any

from app.schedules.planner.problems import Problem
from app.schedules.reports import Answer, Floor, RunOptions, SideFigures, Sides, Spread

if TYPE_CHECKING:
    from matching.scheduling import Problem as SchedulingProblem
    from matching.scheduling import Progress, Schedule


REFERENCE_SHARE = 0.4  # of the seconds, for the schedule without fairness that the fair one is compared with


POLISH_WORK = 20.0  # about two seconds in the background: an organiser waits for it gladly


def solve(
    problem: Problem,
    *,
    time_limit_s: float,
    seed: int,
    on_progress: Callable[["Progress"], None],
    should_stop: Callable[[], bool],
    options: RunOptions = RunOptions(),  # noqa: B008 - frozen
    previous: Mapping[str, Any] | None = None,
    smes: Collection[str] = (),
) -> Answer:
    """The best schedule found in the time given. Where fairness raised minimums, `problem` is the one solved
    and `spread` tells how meetings fall without and with it."""
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
        return Answer.from_json(run(asked, time_limit_s, start, polish=polish).to_json())
    plain = run(asked, REFERENCE_SHARE * time_limit_s, start, polish=False)
    fair, kept_floor = _fair(asked, options, smes, should_stop)
    schedule = run(fair, deadline - monotonic(), plain, polish=polish)
    sme = Floor(options.sme_floor, kept_floor) if options.sme_floor else None
    return replace(
        Answer.from_json(schedule.to_json()),
        problem=fair.to_json(),
        spread=Spread(_sides(asked, plain), _sides(asked, schedule), sme),
    )


def _fair(
    problem: "SchedulingProblem", options: RunOptions, smes: Collection[str], should_stop: Callable[[], bool]
) -> tuple["SchedulingProblem", int]:
    """The problem with its raised minimums, and the floor that SMEs could be given."""
    from matching.scheduling import raise_floor

    raised = raise_floor(problem, set(smes), should_stop, most=options.sme_floor)
    if not options.raise_floor:
        return raised.problem, raised.floor
    return raise_floor(raised.problem, None, should_stop).problem, raised.floor


def _sides(problem: "SchedulingProblem", schedule: "Schedule") -> Sides:
    """The points are those of the meetings alone, comparable whatever the minimums."""
    counts = {person.id: 0 for person in problem.participants}
    for meeting in schedule.meetings:
        counts[meeting.a] += 1
        counts[meeting.v] += 1
    values = {(c.a, c.v): c.w for c in problem.candidates}
    sides = {
        side: _figures([counts[person.id] for person in problem.participants if person.side == side])
        for side in ("A", "V")
    }
    return Sides(sum(values.get((m.a, m.v), 0) for m in schedule.meetings), sides)


def _figures(counts: list[int]) -> SideFigures:
    least = min(counts, default=0)
    return SideFigures(
        people=len(counts),
        least=least,
        median=median(counts) if counts else 0,
        most=max(counts, default=0),
        at_least=counts.count(least),
        histogram=tuple(counts.count(number) for number in range(max(counts, default=0) + 1)),
    )
