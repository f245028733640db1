"""The commands explain, relax and fairness."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matching.scheduling.cli.interruption import stop_on_signal
from matching.scheduling.cli.options import (
    FINE,
    VIOLATION,
    add_json,
    add_output,
    amount,
    answer,
    check_output,
    count,
    figure,
    headline,
    read_problem,
    read_schedule,
    seed,
    summary,
    tell,
    write,
)
from matching.scheduling.model.diagnostics import Unplaced
from matching.scheduling.model.errors import Fault, ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.verify.check import check

REASONS = {
    "no_common_slot": "no common slot",
    "forbidden": "the pair is forbidden",
    "maximum_reached": "the maximum is reached of",
    "tables_full": "no table is left at their common slots",
    "walk": "their rooms are too far apart for consecutive slots",
    "max_a_day": "the maximum of the day is reached of",
    "quota": "no more meetings are allowed by the quota",
    "order": "it would break the order of",
    "equipment": "too few at their common slots of",
    "no_rest": "it would leave too little rest to",
    "disliked_slots": "only slots that cost more than it brings are left",
    "outscored": "their common slots hold better meetings:",
    "outscored_together": "making room would cost more points than it brings",
}
RELAXATIONS = {"slot": "one more slot for all", "table": "one more table at slot", "hour": "presence of"}


def add_commands(commands: Any) -> None:
    """Add the parsers."""
    explain = commands.add_parser("explain", help="for each wished meeting that is not held, why")
    explain.add_argument("problem", type=Path, metavar="PROBLEM.json")
    explain.add_argument("schedule", type=Path, metavar="SCHEDULE.json")
    explain.add_argument("--of", metavar="ID", help="only the meetings of this participant")
    add_json(explain)
    explain.set_defaults(run=_explain)
    relax = commands.add_parser("relax", help="what one more table, slot or hour of presence would bring")
    relax.add_argument("problem", type=Path, metavar="PROBLEM.json")
    relax.add_argument("schedule", type=Path, metavar="SCHEDULE.json")
    add_json(relax)
    relax.set_defaults(run=_relax)
    fair = commands.add_parser("fairness", help="solve with the floor of meetings raised as far as it can be")
    fair.add_argument("problem", type=Path, metavar="PROBLEM.json")
    add_output(fair)
    fair.add_argument("--of", action="append", metavar="ID", help="only for these participants (repeatable)")
    fair.add_argument("--most", type=count, metavar="N", help="raise the floor no further than this")
    fair.add_argument("--problem-out", type=Path, metavar="PROBLEM.json", help="the problem with its floor")
    fair.add_argument("--time-limit", type=amount, metavar="SECONDS")
    fair.add_argument("--seed", type=seed, default=0)
    fair.set_defaults(run=_fairness)


def _explain(options: argparse.Namespace) -> int:
    from matching.scheduling.studies.reasons import explain

    problem, schedule = _sound(options)
    _check_known(problem, [options.of] if options.of else [])
    found = explain(problem, schedule.meetings, schedule.groups)
    shown = [entry for entry in found if options.of in (None, entry.a, entry.v)]
    answer(options, {"unplaced": [entry.to_json() for entry in shown]}, map(_reason, shown))
    return FINE


def _reason(entry: Unplaced) -> str:
    by = ", ".join("/".join(names) for names in entry.by)
    return f"{entry.a}/{entry.v}: {REASONS[entry.reason]} {by}".rstrip()


def _relax(options: argparse.Namespace) -> int:
    from matching.scheduling.studies.relaxations import relaxations

    problem, schedule = _sound(options)
    with stop_on_signal() as stop:
        found = relaxations(problem, schedule, stop)
    lines = [f"{RELAXATIONS[gain.code]} {gain.item}: bound raised by {figure(gain.points)}" for gain in found]
    answer(options, {"relaxations": [asdict(gain) for gain in found]}, lines or ["nothing raises the bound"])
    return FINE


def _fairness(options: argparse.Namespace) -> int:
    from matching.scheduling.search.solve import solve
    from matching.scheduling.studies.fairness import raise_floor, spread

    check_output(options.out, (options.problem,))
    check_output(options.problem_out, (options.problem,))
    problem = read_problem(options.problem)
    _check_known(problem, options.of or [])
    with stop_on_signal() as stop:
        raised = raise_floor(problem, options.of, stop, most=options.most)
        schedule = solve(
            raised.problem,
            time_limit_s=options.time_limit,
            seed=options.seed,
            on_progress=tell,
            should_stop=stop,
        )
    write(options.out, schedule.to_json())
    if options.problem_out is not None:
        write(options.problem_out, raised.problem.to_json())
    even = spread(raised.problem, schedule, options.of)
    line = f"floor {raised.floor}: {even.least} to {even.most} meetings each, {even.mean:.2f} on average"
    found = summary(schedule) | {"floor": raised.floor, "spread": asdict(even)}
    answer(options, found, [headline(schedule), line])
    return VIOLATION if schedule.status == "infeasible" else FINE


def _sound(options: argparse.Namespace) -> tuple[Problem, Schedule]:
    """The problem and a schedule of it that breaks no rule; raises ProblemError."""
    problem, schedule = read_problem(options.problem), read_schedule(options.schedule)
    if faults := check(problem, schedule):
        raise ProblemError(faults)
    return problem, schedule


def _check_known(problem: Problem, ids: Iterable[str]) -> None:
    known = {person.id for person in problem.participants}
    if faults := [Fault("unknown_id", i, f"--of {i}: no such participant") for i in ids if i not in known]:
        raise ProblemError(faults)
