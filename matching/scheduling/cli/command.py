"""Solve, check, repair and study schedules. Exit codes: 0 fine, 1 a violation or nothing valid, 2 input that
cannot be used, 130 stopped before anything was found. `-` stands for standard input, or output for --out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from matching.scheduling.cli import breaks, repairing, solving, studying
from matching.scheduling.cli.options import STOPPED, UNREADABLE
from matching.scheduling.model.errors import ProblemError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every fault goes to standard error, one a line."""
    try:
        options = _parser().parse_args(arguments)
        outcome: int = options.run(options)
        sys.stdout.flush()
    except ProblemError as error:
        for fault in error.items:
            sys.stderr.write(f"error [{fault.code}]: {fault.text}\n")
        return UNREADABLE
    except KeyboardInterrupt:
        sys.stderr.write("stopped before anything was found: nothing is written\n")
        return STOPPED
    except BrokenPipeError:  # the reader of our output has gone
        sys.stderr.close()
        return 1
    return outcome


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching.scheduling", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for room in (solving, repairing, studying, breaks):
        room.add_commands(commands)
    return parser
