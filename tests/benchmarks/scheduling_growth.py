"""How the work grows with the day, 500 to 5000 administrations: best found at, stopped at, processor, memory.

python -m tests.benchmarks.scheduling_growth --windows random15 blocks50"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from matching.scheduling.generator import WINDOWS, generate

SIZES = ((500, 2500, 24, 250), (1000, 5000, 24, 500), (2000, 10000, 24, 1000), (5000, 20000, 30, 2500))


def main() -> int:
    """A line for each size, each in a process of its own, then the exponent of the processor's time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", nargs="*", choices=WINDOWS, default=["random15"])
    parser.add_argument("--time-limit", type=float, default=120)
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="the first so many")
    options = parser.parse_args()
    for windows in options.windows:
        points = [grown(size, windows, options.time_limit) for size in SIZES[: options.sizes]]
        sys.stdout.write(f"{windows}: exponent {_slope(points):.2f}\n")
    return 0


def grown(size: tuple[int, int, int, int], windows: str, limit: float) -> tuple[float, float]:
    """Administrations and seconds of the processor, logarithms of both."""
    with tempfile.TemporaryDirectory() as folder:
        problem, out = Path(folder, "problem.json"), Path(folder, "schedule.json")
        problem.write_text(json.dumps(generate(*size, windows=windows, wishes=15)), encoding="utf-8")
        command = [sys.executable, "-m", "matching.scheduling", "solve", str(problem), "--out", str(out)]
        command += ["--time-limit", str(limit)]
        started, best, value = time.perf_counter(), 0.0, ""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert process.stderr is not None
        for line in process.stderr:
            _, found, rest = line.partition(" objective ")
            if found and rest.split()[0] != value:
                best, value = time.perf_counter() - started, rest.split()[0]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        spent = time.perf_counter() - started
        schedule = json.loads(out.read_text(encoding="utf-8"))
    processor = usage.ru_utime + usage.ru_stime
    sys.stdout.write(
        f"{'x'.join(map(str, size))} {windows}: best at {best:.1f} s, stopped at {spent:.1f} s, processor"
        f" {processor:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB,"
        f" {schedule['objective'] / schedule['bound']:.6f} {schedule['status']}\n"
    )
    sys.stdout.flush()
    return math.log(size[0]), math.log(processor)


def _slope(points: list[tuple[float, float]]) -> float:
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((one - x) ** 2 for one, _ in points)
    return sum((one - x) * (other - y) for one, other in points) / spread if spread else math.nan


if __name__ == "__main__":
    sys.exit(main())
