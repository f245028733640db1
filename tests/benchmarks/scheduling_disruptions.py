"""Many random disruptions of small days: valid, and as good as an independent model on those with a schedule.

python -m tests.benchmarks.scheduling_disruptions --count 2000"""

from __future__ import annotations

import argparse
import sys
import traceback

from tests.unit.scheduling.disruptions import disruption
from tests.unit.scheduling.test_disruptions import assert_optimal


def main() -> int:
    """Exit 1 where a repair broke a rule, missed the optimum or raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--start", type=int, default=0)
    options = parser.parse_args()
    optimal = infeasible = 0
    failed = []
    for seed in range(options.start, options.start + options.count):
        try:
            if assert_optimal(disruption(seed)):
                optimal += 1
            else:
                infeasible += 1
        except Exception:  # noqa: BLE001 - every failure is counted and shown
            failed.append(seed)
            sys.stderr.write(f"disruption {seed}\n{traceback.format_exc()}")
    sys.stdout.write(
        f"{options.count} disruptions: {optimal} optimal, {infeasible} whose commitments cannot all be held,"
        f" {len(failed)} failed {failed[:20]}\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
