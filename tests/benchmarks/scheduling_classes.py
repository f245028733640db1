"""Sizes and classes of windows, each beside greedy, round-robin and plain CP-SAT in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from matching.scheduling.generator import generate
from matching.scheduling.model.problem import Problem
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check
from tests.benchmarks.scheduling_baselines import greedy, plain_cp_sat, round_robin


class Size(NamedTuple):
    """A problem size, the seconds its class may take, and how many seeds it is run with."""

    administrations: int
    vendors: int
    slots: int
    tables: int
    wishes: int
    seconds: float
    seeds: int = 1
    quick_seeds: int = 1

    def data(self, windows: str, seed: int) -> dict[str, Any]:
        """The problem in the interchange format."""
        return generate(*self[:4], windows=windows, wishes=self.wishes, seed=seed)

    def __str__(self) -> str:
        return f"{self.administrations}x{self.vendors}x{self.slots}"


LADDER = [
    Size(30, 60, 14, 15, 25, 0.5),
    Size(100, 300, 16, 60, 30, 0.6),
    Size(100, 300, 16, 100, 30, 0.6),  # a table for each administration: tables bind nobody
    Size(500, 2000, 20, 300, 30, 1.2),
    Size(2000, 10000, 24, 1000, 30, 5),
]
LIGHT = [
    Size(30, 60, 14, 15, 25, 5, seeds=40, quick_seeds=10),
    Size(100, 300, 16, 60, 30, 5, seeds=40, quick_seeds=5),
    Size(500, 2000, 20, 300, 30, 5, seeds=10),
    Size(2000, 10000, 24, 1000, 30, 15, seeds=10),
]
HARD = [
    Size(40, 40, 10, 20, 15, 30, seeds=10, quick_seeds=1),
    Size(100, 150, 16, 50, 25, 30, seeds=10, quick_seeds=1),
    Size(500, 600, 20, 200, 15, 60, seeds=10, quick_seeds=0),
]
HARD_WINDOWS = ("random30", "blocks50", "halves")
CP_SAT_ALWAYS_UP_TO = 100  # administrations; beyond, building the plain model takes long: one seed
CP_SAT_UP_TO = 500


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything is run."""

    full: bool = False
    most_seeds: int | None = None
    cp_sat: bool = True
    b2b: Path | None = None

    def seeds(self, size: Size) -> range:
        """The seeds of a class."""
        count = size.seeds if self.full else size.quick_seeds
        return range(count if self.most_seeds is None else min(count, self.most_seeds))


def whole_command(_scale: Scale) -> None:
    """Everybody available: start-up, reading, solving, polishing and writing, and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        for size in LADDER:
            problem, out = Path(folder, "problem.json"), Path(folder, "schedule.json")
            problem.write_text(json.dumps(size.data("none", 0)), encoding="utf-8")
            started = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "matching.scheduling", "solve", str(problem), "--out", str(out)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _, status, usage = os.wait4(process.pid, 0)
            spent = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            schedule = json.loads(out.read_text(encoding="utf-8"))
            ratio = schedule["objective"] / schedule["bound"]
            _say(
                f"{size} tables {size.tables}: ratio {ratio:.6f} {schedule['status']}, {spent:.2f} s"
                f" (processor {usage.ru_utime + usage.ru_stime:.2f} s, wanted {size.seconds} s),"
                f" {usage.ru_maxrss / 1024:.0f} MiB"
            )


def light_windows(scale: Scale) -> None:
    """15 % of slots missing at random."""
    for size in LIGHT:
        _run_class(scale, size, "random15")


def hard_windows(scale: Scale) -> None:
    """30 % at random, half of the slots in a block, half days."""
    for size in HARD:
        for windows in HARD_WINDOWS:
            _run_class(scale, size, windows)


def _run_class(scale: Scale, size: Size, windows: str) -> None:
    seeds = scale.seeds(size)
    if not seeds:
        return
    ratios, seconds, proved = [], [], 0
    beside: dict[str, list[float]] = {"greedy": [], "round-robin": [], "CP-SAT": []}
    for seed in seeds:
        problem = Problem.from_json(size.data(windows, seed))
        started = time.perf_counter()
        schedule = solve(problem, time_limit_s=size.seconds)
        seconds.append(time.perf_counter() - started)
        if found := check(problem, schedule):
            raise SystemExit(f"{problem.name}: {found[0]}")
        ratios.append(schedule.objective / schedule.bound)
        proved += schedule.status == "optimal"
        beside["greedy"].append(greedy(problem) / schedule.bound)
        beside["round-robin"].append(round_robin(problem) / schedule.bound)
        most = CP_SAT_ALWAYS_UP_TO if seed else CP_SAT_UP_TO
        if scale.cp_sat and size.administrations <= most:
            beside["CP-SAT"].append(plain_cp_sat(problem, max(1.0, seconds[-1])) / schedule.bound)
    others = ", ".join(f"{name} {min(x):.4f} to {max(x):.4f}" for name, x in beside.items() if x)
    _say(
        f"{size} {windows}, {len(seeds)} seeds: worst ratio {min(ratios):.6f}, proved {proved}/{len(seeds)},"
        f" {min(seconds):.2f} to {max(seconds):.2f} s | {others}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
