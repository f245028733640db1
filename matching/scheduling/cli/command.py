"""Solve and check from the command line: exit 0 fine, 1 violation or nothing valid, 2 unreadable input."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from matching.scheduling.cli.files import check_writable, read_json, write_json
from matching.scheduling.cli.interruption import stop_on_signal
from matching.scheduling.model.diagnostics import Bottleneck
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Progress, Schedule
from matching.scheduling.verify.check import check

FINE, VIOLATION, UNREADABLE = 0, 1, 2
LONGEST_LIST = 12
LARGEST_SEED = 2**31 - 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every fault goes to standard error, one a line."""
    options = _parser().parse_args(arguments)
    try:
        outcome: int = options.run(options)
    except ProblemError as error:
        for fault in error.items:
            sys.stderr.write(f"error [{fault.code}]: {fault.text}\n")
        return UNREADABLE
    return outcome


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching.scheduling", description=__doc__)
    commands = parser.add_subparsers(required=True)
    solve = commands.add_parser("solve", help="solve a problem file")
    solve.add_argument("problem", type=Path)
    solve.add_argument("--out", type=Path, required=True)
    solve.add_argument("--previous", type=Path, help="a schedule to start from")
    solve.add_argument("--time-limit", type=_amount, metavar="SECONDS")
    solve.add_argument("--work-limit", type=_amount, metavar="UNITS", help="replayable on any machine")
    solve.add_argument("--seed", type=_seed, default=0)
    solve.add_argument(
        "--polish", type=_amount, metavar="SECONDS", help="then lower breaks at the same value"
    )
    solve.add_argument(
        "--polish-work", type=_amount, metavar="UNITS", help="the same, replayable; 0: not at all"
    )
    solve.set_defaults(run=_solve)
    replay = commands.add_parser("replay", help="solve again as a schedule says it was, and compare")
    replay.add_argument("problem", type=Path)
    replay.add_argument("schedule", type=Path)
    replay.set_defaults(run=_replay)
    verify = commands.add_parser("check", help="verify a schedule against its problem")
    verify.add_argument("problem", type=Path)
    verify.add_argument("schedule", type=Path)
    verify.set_defaults(run=_check)
    breaks = commands.add_parser("breaks", help="fewest breaks for given meetings (published B2B instances)")
    breaks.add_argument("instance", type=Path, help="a .dzn file")
    breaks.add_argument("--time-limit", type=_amount, metavar="SECONDS")
    breaks.add_argument("--difference", type=_seed, default=2, help="breaks any two people may differ by")
    breaks.add_argument("--json", action="store_true")
    breaks.set_defaults(run=_breaks)
    return parser


def _amount(text: str) -> float:
    """Seconds or units of work: zero or more."""
    value = float(text)
    if math.isnan(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value <= LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {LARGEST_SEED}")
    return value


def _solve(options: argparse.Namespace) -> int:
    from matching.scheduling.search.solve import solve  # `check` needs none of the solvers

    check_writable(options.out)
    problem = Problem.from_json(read_json(options.problem))
    previous = None if options.previous is None else Schedule.from_json(read_json(options.previous))
    with stop_on_signal() as should_stop:
        schedule = solve(
            problem,
            time_limit_s=options.time_limit,
            work_limit=options.work_limit,
            seed=options.seed,
            previous=previous,
            polish_work=options.polish_work,
            on_progress=_tell,
            should_stop=should_stop,
        )
        if options.polish and not should_stop():
            from matching.scheduling.breaks.polish import polish

            schedule = polish(
                problem, schedule, time_limit_s=options.polish, seed=options.seed, should_stop=should_stop
            )
            schedule = replace(schedule, replay=None)  # the clock decided how far it went
        stopped = should_stop()
    write_json(options.out, schedule.to_json())
    if stopped:
        sys.stderr.write("stopped on request: the best schedule so far is kept\n")
    proof = (
        "proved optimal"
        if schedule.status == "optimal"
        else f"within {100 * schedule.gap:.4f} % of the best possible"
    )
    sys.stdout.write(
        f"{schedule.status}: {len(schedule.meetings)} meetings, objective {schedule.objective:g},"
        f" bound {schedule.bound:g}, {proof}\n"
    )
    for figure in schedule.comfort:
        least = "" if figure.bound is None else f", at least {figure.bound}"
        sys.stdout.write(f"{COMFORT[figure.code]}: {figure.after} (before polish {figure.before}{least})\n")
    for bottleneck in schedule.bottlenecks:
        sys.stdout.write(_bottleneck_line(bottleneck))
    return VIOLATION if schedule.status == "infeasible" else FINE


def _replay(options: argparse.Namespace) -> int:
    from matching.scheduling.search.solve import solve

    problem = Problem.from_json(read_json(options.problem))
    told = Schedule.from_json(read_json(options.schedule))
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


def _bottleneck_line(found: Bottleneck) -> str:
    if found.code == "commitments":
        names = ", ".join(name for limit in found.limits for name in limit.items)
        return f"bottleneck: of {names}, at most {found.room} can be held together\n"
    who = f"{_some(found.people)} together want" if len(found.people) > 1 else f"{found.people[0]} wants"
    limits = "; ".join(
        f"{LIMITS[limit.code]} {_some(limit.items)}: {limit.room}" if limit.items else "nobody to meet"
        for limit in found.limits
    )
    return f"bottleneck: {who} {found.wanted} meetings and can have {found.room} ({limits})\n"


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:LONGEST_LIST])
    return shown if len(names) <= LONGEST_LIST else f"{shown} and {len(names) - LONGEST_LIST} more"


def _tell(progress: Progress) -> None:
    sys.stderr.write(
        f"{progress.elapsed_s:8.2f} s  {progress.phase:<10} objective {progress.objective:g}"
        f"  bound {progress.bound:g}  gap {100 * progress.gap:.4f} %\n"
    )


def _check(options: argparse.Namespace) -> int:
    problem = Problem.from_json(read_json(options.problem))
    schedule = Schedule.from_json(read_json(options.schedule))
    violations = check(problem, schedule)
    for violation in violations:
        sys.stdout.write(f"violation [{violation.code}]: {violation.text}\n")
    if not violations:
        sys.stdout.write(f"fine: {len(schedule.meetings)} meetings, objective {schedule.objective:g}\n")
    return VIOLATION if violations else FINE


def _breaks(options: argparse.Namespace) -> int:
    from matching.scheduling.breaks.b2b import read_dzn
    from matching.scheduling.breaks.minimise import minimise_breaks

    answer = minimise_breaks(read_dzn(options.instance, options.difference), options.time_limit)
    if options.json:
        found = {
            "breaks": answer.breaks,
            "bound": answer.bound,
            "proved": answer.proved,
            "seconds": round(answer.seconds, 3),
            "slots": [slot + 1 for slot in answer.slots],
        }
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        proof = "proved" if answer.proved else f"at least {answer.bound}"
        sys.stdout.write(f"{answer.breaks} breaks ({proof}) in {answer.seconds:.1f} s\n")
    return FINE if answer.breaks is not None else VIOLATION
