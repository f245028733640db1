"""The commands repair (moving meetings at a price) and fill (moving nobody)."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from matching.scheduling.cli.files import read_json
from matching.scheduling.cli.interruption import stop_on_signal
from matching.scheduling.cli.options import (
    FINE,
    VIOLATION,
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
    write,
)
from matching.scheduling.repair.changes import Change, Lost, SessionChange
from matching.scheduling.repair.reading import read_events
from matching.scheduling.repair.repair import Repair

KINDS = ("dropped", "moved", "added", "sessions", "lost")


def add_commands(commands: Any) -> None:
    """Add the parsers."""
    repair = commands.add_parser("repair", help="mend a schedule after events, moving meetings at a price")
    _add_common(repair)
    repair.add_argument("--price", type=amount, default=1, metavar="POINTS", help="of each change; 1")
    repair.add_argument("--cap", type=count, metavar="N", help="changes one person may see")
    repair.add_argument("--time-limit", type=amount, default=10, metavar="SECONDS")
    repair.set_defaults(run=_repair)
    fill = commands.add_parser("fill", help="mend a schedule after events, moving nobody")
    _add_common(fill)
    fill.set_defaults(run=_fill)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM.json")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE.json", help="any version, draft or not")
    add_output(parser)
    parser.add_argument("--events", type=Path, metavar="EVENTS.json", help="what happened (see the README)")
    parser.add_argument("--started", type=count, default=0, metavar="SLOT", help="first slot not begun")
    parser.add_argument(
        "--problem-out", type=Path, metavar="PROBLEM.json", help="the problem left, to check against"
    )
    parser.add_argument("--seed", type=seed, default=0)


def _repair(options: argparse.Namespace) -> int:
    return _mend(
        options,
        allow_moves=True,
        price=options.price,
        cap=options.cap,
        time_limit_s=options.time_limit,
    )


def _fill(options: argparse.Namespace) -> int:
    return _mend(options)


def _mend(options: argparse.Namespace, **policy: Any) -> int:
    from matching.scheduling.repair.repair import repair  # loads the solvers

    inputs = (options.problem, options.schedule, options.events)
    check_output(options.out, inputs)
    check_output(options.problem_out, inputs)
    problem = read_problem(options.problem)
    schedule = read_schedule(options.schedule)
    events = () if options.events is None else read_events(read_json(options.events), problem)
    with stop_on_signal() as stop:
        found = repair(
            problem,
            schedule,
            events,
            started=options.started,
            seed=options.seed,
            should_stop=stop,
            **policy,
        )
    write(options.out, found.schedule.to_json())
    if options.problem_out is not None:
        write(options.problem_out, found.problem.to_json())
    rows = {kind: [asdict(row) for row in getattr(found, kind)] for kind in KINDS}
    answer(options, summary(found.schedule) | {"paid": found.paid} | rows, _lines(found))
    return VIOLATION if found.schedule.status == "infeasible" else FINE


def _lines(found: Repair) -> list[str]:
    lines = [headline(found.schedule)]
    if found.paid:
        lines.append(f"price of the changes: {figure(found.paid)}")
    lines += [f"{kind}: {_change(row)}" for kind in KINDS[:3] for row in getattr(found, kind)]
    lines += [f"session {_session(row)}" for row in found.sessions]
    lines += [f"lost: {_lost(row)}" for row in found.lost]
    return lines


def _change(row: Change) -> str:
    by = f" ({', '.join('/'.join(pair) for pair in row.by)})" if row.by else ""
    slots = " -> ".join(str(slot) for slot in (row.origin, row.to) if slot is not None)
    return f"{row.a}/{row.v} at {slots}: {row.reason}{by}"


def _session(row: SessionChange) -> str:
    where = "cancelled" if row.to is None else f"at {row.to}"
    people = [f"+{name}" for name in row.joined] + [f"-{name}" for name in row.left]
    return f"{row.id} {where}{' ' if people else ''}{' '.join(people)}: {row.reason}"


def _lost(row: Lost) -> str:
    name = f"session {row.a}" if row.v is None else f"pinned meeting {row.a}/{row.v}"
    return f"{name}: {row.reason}"
