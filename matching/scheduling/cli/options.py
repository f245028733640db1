"""What all commands share: amounts refused in words, files read, figures with all their digits."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matching.scheduling.cli.files import check_writable, read_json, write_json
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Progress, Schedule

FINE, VIOLATION, UNREADABLE, STOPPED = 0, 1, 2, 130
LARGEST_SEED = 2**31 - 1
MOST_SECONDS = 10_000_000
LONGEST_LIST = 12


def amount(text: str) -> float:
    """Seconds, units of work or points: zero or more."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value) or not 0 <= value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {MOST_SECONDS}")
    return value


def seed(text: str) -> int:
    """A whole number from 0 to 2^31 - 1."""
    return _whole(text, LARGEST_SEED)


def count(text: str) -> int:
    """A whole number, zero or more."""
    return _whole(text, 1_000_000)


def _whole(text: str, most: int) -> int:
    value = int(text) if text.strip().isdecimal() else -1
    if not 0 <= value <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {most}")
    return value


def figure(value: float) -> str:
    """All digits of a figure in points, read and counted to six decimals."""
    whole = round(value)
    return str(whole) if value == whole else f"{value:.6f}".rstrip("0")


def read_problem(path: Path) -> Problem:
    """The problem of a file; raises ProblemError naming every fault."""
    return Problem.from_json(read_json(path))


def read_schedule(path: Path) -> Schedule:
    """The schedule of a file; raises ProblemError naming every fault."""
    return Schedule.from_json(read_json(path))


def add_output(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """--out and --json."""
    parser.add_argument("--out", type=Path, required=required, metavar="SCHEDULE.json")
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="the answer as one JSON object")


def check_output(out: Path | None, inputs: Iterable[Path | None]) -> None:
    """Raise ProblemError where the output cannot be written, or is one of the inputs."""
    if out is not None:
        check_writable(out, [path for path in inputs if path is not None])


def write(path: Path, content: object) -> None:
    """Write a file, or standard output for `-`."""
    write_json(path, content)


def answer(options: argparse.Namespace, found: dict[str, Any], lines: Iterable[str]) -> None:
    """One JSON object, or its lines in words; on standard error where the schedule is on standard output."""
    stream = sys.stderr if str(getattr(options, "out", None)) == "-" else sys.stdout
    if options.json:
        stream.write(json.dumps(found) + "\n")
    else:
        for line in lines:
            stream.write(line + "\n")


def some(names: tuple[str, ...]) -> str:
    """The first names, and how many more."""
    shown = ", ".join(names[:LONGEST_LIST])
    return shown if len(names) <= LONGEST_LIST else f"{shown} and {len(names) - LONGEST_LIST} more"


def tell(progress: Progress) -> None:
    """One line of progress."""
    sys.stderr.write(
        f"{progress.elapsed_s:8.2f} s  {progress.phase:<10} objective {figure(progress.objective)}"
        f"  bound {figure(progress.bound)}  gap {100 * progress.gap:.4f} %\n"
    )


def headline(schedule: Schedule) -> str:
    """Status, objective, bound and what is proved."""
    proof = (
        "proved optimal"
        if schedule.status == "optimal"
        else f"within {100 * schedule.gap:.4f} % of the best possible"
    )
    return (
        f"{schedule.status}: {len(schedule.meetings)} meetings, objective {figure(schedule.objective)},"
        f" bound {figure(schedule.bound)}, {proof}"
    )


def summary(schedule: Schedule) -> dict[str, Any]:
    """The same as a JSON object."""
    return {
        "status": schedule.status,
        "meetings": len(schedule.meetings),
        "objective": schedule.objective,
        "bound": schedule.bound,
        "gap": schedule.gap,
    }
