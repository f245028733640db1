"""Every figure the scheduling engine is held to: `python -m tests.benchmarks.scheduling_ladder`.

Quick by default (few seeds, no long class); `--full` runs all sizes, classes and seeds. `--parts` selects."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import scheduling_classes as classes
from tests.benchmarks import scheduling_day as day

PARTS: dict[str, Callable[[classes.Scale], None]] = {
    "command": classes.whole_command,
    "windows": classes.light_windows,
    "hard": classes.hard_windows,
    "breaks": day.polished_breaks,
    "repair": day.repairs,
    "b2b": day.published_instances,
}


def main() -> int:
    """Run the parts asked for, one line for each class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="all sizes and seeds: an hour")
    parser.add_argument("--quick", action="store_true", help="the default")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"among {', '.join(PARTS)}")
    parser.add_argument("--seeds", type=int, help="at most so many seeds in each class")
    parser.add_argument("--no-cp-sat", action="store_true", help="leave plain CP-SAT out")
    parser.add_argument("--b2b", type=Path, help="folder of the published .dzn instances (or B2B_FOLDER)")
    options = parser.parse_args()
    folder = options.b2b or (Path(os.environ["B2B_FOLDER"]) if "B2B_FOLDER" in os.environ else None)
    scale = classes.Scale(
        full=options.full, most_seeds=options.seeds, cp_sat=not options.no_cp_sat, b2b=folder
    )
    for name in options.parts.split(","):
        started = time.perf_counter()
        sys.stdout.write(f"-- {name}\n")
        PARTS[name](scale)
        sys.stdout.write(f"   ({time.perf_counter() - started:.0f} s)\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
