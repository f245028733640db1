"""The ladder of sizes and windows, beside its baselines: `python -m tests.benchmarks.scheduling_ladder`."""

from __future__ import annotations

import argparse
import resource
import sys
import time

from matching.scheduling.check import check
from matching.scheduling.generator import generate
from matching.scheduling.problem import Problem
from matching.scheduling.solve import solve
from tests.benchmarks.scheduling_baselines import greedy, plain_cp_sat, round_robin

# administrations, vendors, slots, tables, wishes of each administration, seconds
LADDER = [
    (30, 60, 14, 15, 25, 5),
    (100, 300, 16, 60, 30, 5),
    (500, 2000, 20, 300, 30, 5),
    (2000, 10000, 24, 1000, 30, 15),
]
HARD = [(40, 40, 10, 20, 15, 30), (100, 150, 16, 50, 25, 30), (500, 600, 20, 200, 15, 60)]
EASY_WINDOWS = ("none", "random15")
HARD_WINDOWS = ("random30", "blocks50", "halves")
CP_SAT_UP_TO = 500  # administrations; building the plain model beyond takes minutes


def main() -> int:
    """Measure each size, window class and seed; one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--hard", action="store_true", help="also the hard windows")
    parser.add_argument("--no-cp-sat", action="store_true", help="leave plain CP-SAT out")
    options = parser.parse_args()
    sys.stdout.write("size windows seed | seconds ratio status | greedy round-robin cp-sat (of the bound)\n")
    runs = [(size, windows) for size in LADDER for windows in EASY_WINDOWS]
    runs += [(size, windows) for size in HARD for windows in HARD_WINDOWS] if options.hard else []
    for size, windows in runs:
        for seed in range(options.seeds):
            sys.stdout.write(_measure(size, windows, seed, cp_sat=not options.no_cp_sat) + "\n")
            sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:.0f} MiB\n")
    return 0


def _measure(size: tuple[int, ...], windows: str, seed: int, *, cp_sat: bool) -> str:
    administrations, vendors, slots, tables, wishes, seconds = size
    data = generate(administrations, vendors, slots, tables, windows=windows, wishes=wishes, seed=seed)
    started = time.perf_counter()
    problem = Problem.from_json(data)
    schedule = solve(problem, time_limit_s=seconds)
    spent = time.perf_counter() - started
    if check(problem, schedule):
        raise SystemExit(f"{data['name']}: the schedule breaks a rule")
    beside = [greedy(problem), round_robin(problem)]
    if cp_sat and administrations <= CP_SAT_UP_TO:
        beside.append(plain_cp_sat(problem, max(1.0, spent)))
    shares = " ".join(f"{value / schedule.bound:.4f}" for value in beside)
    ratio = schedule.objective / schedule.bound
    return f"{data['name']} | {spent:.2f} s {ratio:.6f} {schedule.status} | {shares}"


if __name__ == "__main__":
    sys.exit(main())
