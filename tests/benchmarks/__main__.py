"""`make bench`: every benchmark in turn, each in its own process, so that none inherits another's memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

UNTIMED = {"matching_registers", "judged_needs", "page_load"}  # make a constant, a set; serve for minutes


def main() -> int:
    """Run each module of this package that has a `main`; the exit status is the worst."""
    worst = 0
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem.startswith("_") or "def main(" not in path.read_text(encoding="utf-8"):
            continue
        if path.stem in UNTIMED:
            continue
        sys.stdout.write(f"== {path.stem}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{path.stem}"], check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
