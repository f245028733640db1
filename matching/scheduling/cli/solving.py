"""The commands solve, check, replay and schema."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from matching.scheduling.cli.interruption import stop_on_signal
from matching.scheduling.cli.options import (
    FINE,
    STOPPED,
    VIOLATION,
    add_json,
    add_output,
    amount,
    answer,
    check_output,
    figure,
    headline,
    read_problem,
    read_schedule,
    seed,
    some,
    summary,
    tell,
    write,
)
from matching.scheduling.model.diagnostics import Bottleneck
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.model.schema import SCHEMAS
from matching.scheduling.verify.check import check

KEPT = "stopped on request: the best schedule so far is kept\n"


def add_commands(commands: Any) -> None:
    """Add the parsers."""
    solve = commands.add_parser("solve", help="find the best schedule of a problem")
    solve.add_argument("problem", type=Path, metavar="PROBLEM.json")
    add_output(solve)
    solve.add_argument("--previous", type=Path, metavar="SCHEDULE.json", help="a schedule to start from")
    solve.add_argument("--time-limit", type=amount, metavar="SECONDS", help="of solving, reading left aside")
    solve.add_argument("--work-limit", type=amount, metavar="UNITS", help="replayable on any machine")
    solve.add_argument("--seed", type=seed, default=0)
    solve.add_argument("--polish", type=amount, metavar="SECONDS", help="then lower breaks at the same value")
    solve.add_argument(
        "--polish-work", type=amount, metavar="UNITS", help="the same, replayable; 0: not at all"
    )
    solve.set_defaults(run=_solve)
    verify = commands.add_parser("check", help="verify a schedule against its problem, without any solver")
    verify.add_argument("problem", type=Path, metavar="PROBLEM.json")
    verify.add_argument("schedule", type=Path, metavar="SCHEDULE.json")
    add_json(verify)
    verify.set_defaults(run=_check)
    replay = commands.add_parser("replay", help="solve again as a schedule says it was, and compare")
    replay.add_argument("problem", type=Path, metavar="PROBLEM.json")
    replay.add_argument("schedule", type=Path, metavar="SCHEDULE.json")
    replay.set_defaults(run=_replay)
    schema = commands.add_parser("schema", help="print the JSON Schema of a format")
    schema.add_argument("format", choices=sorted(SCHEMAS))
    schema.set_defaults(run=_schema)


def _solve(options: argparse.Namespace) -> int:
    from matching.scheduling.search.solve import solve  # `check` needs none of the solvers

    check_output(options.out, (options.problem, options.previous))
    problem = read_problem(options.problem)
    previous = None if options.previous is None else read_schedule(options.previous)
    started = time.perf_counter()
    best: list[Callable[[], Schedule | None]] = []

    def rescue() -> int:
        schedule = best[-1]() if best else None
        if schedule is None:
            sys.stderr.write("stopped before a first schedule was found: nothing is written\n")
            return STOPPED
        return _deliver(options, schedule, started, stopped=True)

    with stop_on_signal(rescue, options.time_limit) as stop:
        schedule = solve(
            problem,
            time_limit_s=options.time_limit,
            work_limit=options.work_limit,
            seed=options.seed,
            previous=previous,
            polish_work=options.polish_work,
            on_progress=tell,
            should_stop=stop,
            watch=best.append,
        )
        if options.polish and not stop():
            schedule = _polished(problem, schedule, options, stop)
        with stop.lock:
            stop.close()
            return _deliver(options, schedule, started, stopped=stop.by_signal)


def _polished(
    problem: Problem, schedule: Schedule, options: argparse.Namespace, stop: Callable[[], bool]
) -> Schedule:
    from matching.scheduling.breaks.polish import polish

    better = polish(problem, schedule, time_limit_s=options.polish, seed=options.seed, should_stop=stop)
    return replace(better, replay=None)  # the clock decided how far it went


def _deliver(options: argparse.Namespace, schedule: Schedule, started: float, *, stopped: bool) -> int:
    write(options.out, schedule.to_json())
    if stopped:
        sys.stderr.write(KEPT)
    found = summary(schedule) | {"stopped": stopped, "seconds": round(time.perf_counter() - started, 3)}
    lines = [headline(schedule)]
    for comfort in schedule.comfort:
        least = "" if comfort.bound is None else f", at least {comfort.bound}"
        lines.append(f"{COMFORT[comfort.code]}: {comfort.after} (before polish {comfort.before}{least})")
    lines += map(bottleneck_line, schedule.bottlenecks)
    answer(options, found, lines)
    return VIOLATION if schedule.status == "infeasible" else FINE


def _replay(options: argparse.Namespace) -> int:
    from matching.scheduling.search.solve import solve

    problem = read_problem(options.problem)
    told = read_schedule(options.schedule)
    if told.replay is None or not told.replay.exact:
        sys.stdout.write("cannot be replayed: the clock, a request to stop or an earlier schedule decided\n")
        return VIOLATION
    limit = math.inf if told.replay.work_limit is None else told.replay.work_limit
    again = solve(problem, work_limit=limit, seed=told.replay.seed, polish_work=told.replay.polish_work)
    same = again.to_json() == told.to_json()
    sys.stdout.write("the same schedule\n" if same else "another schedule\n")
    return FINE if same else VIOLATION


COMFORT = {"breaks": "breaks", "table_moves": "table moves", "idle_slots": "idle slots"}
LIMITS = {
    "tables": "the tables of slots",
    "presence": "the presence of",
    "wishes": "the wishes",
    "maximum": "the maximum of",
    "pinned": "the pinned meetings",
}


def bottleneck_line(found: Bottleneck) -> str:
    """Who together wants more than any schedule can give."""
    if found.code == "commitments":
        names = ", ".join(name for limit in found.limits for name in limit.items)
        return f"bottleneck: of {names}, at most {found.room} can be held together"
    who = f"{some(found.people)} together want" if len(found.people) > 1 else f"{found.people[0]} wants"
    limits = "; ".join(
        f"{LIMITS[limit.code]} {some(limit.items)}: {limit.room}" if limit.items else "nobody to meet"
        for limit in found.limits
    )
    return f"bottleneck: {who} {found.wanted} meetings and can have {found.room} ({limits})"


def _check(options: argparse.Namespace) -> int:
    problem = read_problem(options.problem)
    schedule = read_schedule(options.schedule)
    violations = check(problem, schedule)
    lines = [f"violation [{violation.code}]: {violation.text}" for violation in violations]
    fine = f"fine: {len(schedule.meetings)} meetings, objective {figure(schedule.objective)}"
    found = {
        "valid": not violations,
        "objective": schedule.objective,
        "violations": [{"code": v.code, "item": v.item, "text": v.text} for v in violations],
    }
    answer(options, found, lines or [fine])
    return VIOLATION if violations else FINE


def _schema(options: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(SCHEMAS[options.format], indent=2) + "\n")
    return FINE
