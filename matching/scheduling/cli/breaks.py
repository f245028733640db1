"""The command breaks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from matching.scheduling.cli.options import FINE, VIOLATION, add_json, amount, answer, count


def add_commands(commands: Any) -> None:
    """Add the parser."""
    breaks = commands.add_parser("breaks", help="fewest breaks for given meetings (published B2B instances)")
    breaks.add_argument("instance", type=Path, metavar="INSTANCE.dzn")
    breaks.add_argument("--time-limit", type=amount, metavar="SECONDS")
    breaks.add_argument("--difference", type=count, default=2, help="breaks any two people may differ by")
    add_json(breaks)
    breaks.set_defaults(run=_breaks)


def _breaks(options: argparse.Namespace) -> int:
    from matching.scheduling.breaks.b2b import read_dzn
    from matching.scheduling.breaks.minimise import minimise_breaks

    found = minimise_breaks(read_dzn(options.instance, options.difference), options.time_limit)
    proof = "proved" if found.proved else f"at least {found.bound}"
    line = f"{found.breaks} breaks ({proof}) in {found.seconds:.1f} s"
    if not found.feasible:
        line = f"infeasible (proved) in {found.seconds:.1f} s: no slots suit these meetings"
    elif found.breaks is None:
        line = f"no solution found (at least {found.bound} breaks) in {found.seconds:.1f} s"
    answer(
        options,
        {
            "breaks": found.breaks,
            "bound": found.bound,
            "proved": found.proved,
            "feasible": found.feasible if found.proved or found.breaks is not None else None,
            "seconds": round(found.seconds, 3),
            "slots": [slot + 1 for slot in found.slots],
        },
        [line],
    )
    return FINE if found.breaks is not None else VIOLATION
