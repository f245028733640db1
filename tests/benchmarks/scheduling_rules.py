"""What each rule of real days costs at 100 x 300 x 16: value, bound, seconds, with it and without.

python -m tests.benchmarks.scheduling_rules --rules lunch bonus --time-limit 30"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from matching.scheduling.generator import WINDOWS, generate
from matching.scheduling.model.problem import Problem
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check

Data = dict[str, Any]
Change = Callable[[Data, random.Random], None]


def for_all(**fields: Any) -> Change:
    """The same fields for every participant."""

    def change(data: Data, _rng: random.Random) -> None:
        for person in data["participants"]:
            person.update(fields)

    return change


def bonus(data: Data, rng: random.Random) -> None:
    """Slots that each pair likes and dislikes."""
    for row in data["candidates"]:
        row["slot_bonus"] = {str(t): rng.choice((-20, -10, 10, 20)) for t in rng.sample(range(16), 6)}


def parallel(data: Data, rng: random.Random) -> None:
    """A fifth of the delegations with two people, one of them away for half of the day."""
    for person in rng.sample(data["participants"], 80):
        person["people"] = [{"id": "Ana"}, {"id": "Bo", "avail": list(range(8))}]


def share(data: Data, rng: random.Random) -> None:
    """A floor of 40 % of the meetings for a quarter of the vendors."""
    vendors = [person["id"] for person in data["participants"] if person["side"] == "V"]
    data["quotas"] = [{"id": "SMEs", "members": rng.sample(vendors, 75), "min_share": 40}]


def quota(data: Data, rng: random.Random) -> None:
    """At most 120 meetings for a quarter of the vendors."""
    vendors = [person["id"] for person in data["participants"] if person["side"] == "V"]
    data["quotas"] = [{"id": "region", "members": rng.sample(vendors, 75), "max": 120}]


def a_day(data: Data, _rng: random.Random) -> None:
    """Two days, at most five meetings on each and at least one."""
    data["days"] = [0, 8]
    for person in data["participants"]:
        person.update({"max_a_day": 5, "min_a_day": int(person["side"] == "A")})


def order(data: Data, rng: random.Random) -> None:
    """Two hundred pairs of meetings of one delegation, one before the other."""
    data["order"] = []
    for start in rng.sample(range(0, 3000, 30), 100):
        rows = rng.sample(data["candidates"][start : start + 30], 3)
        one, two, three = ([row["a"], row["v"]] for row in rows)
        data["order"] += [{"first": one, "then": two}, {"first": two, "then": three}]


def equipment(data: Data, rng: random.Random) -> None:
    """Ten screens for a third of the meetings."""
    data["equipment"] = [{"id": "screen", "count": 10}]
    for row in rng.sample(data["candidates"], 1000):
        row["needs"] = ["screen"]


def met(data: Data, rng: random.Random) -> None:
    """A third of the pairs have met before."""
    for row in rng.sample(data["candidates"], 1000):
        row["met_before"] = 40


RULES: dict[str, Change] = {
    "none": for_all(),
    "lunch": for_all(free_one_of=[6, 7, 8, 9]),
    "row": for_all(max_in_a_row=3),
    "gap": for_all(min_gap=1),
    "bonus": bonus,
    "parallel": parallel,
    "share": share,
    "quota": quota,
    "a_day": a_day,
    "order": order,
    "equipment": equipment,
    "met": met,
}


def main() -> int:
    """A line for each rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", nargs="*", choices=RULES, default=list(RULES))
    parser.add_argument("--windows", choices=WINDOWS, default="random15")
    parser.add_argument("--time-limit", type=float, default=30)
    options = parser.parse_args()
    for name in options.rules:
        data = generate(100, 300, 16, 60, windows=options.windows, wishes=30)
        RULES[name](data, random.Random(0))
        problem = Problem.from_json(data)
        wall, processor = time.perf_counter(), time.process_time()
        found = solve(problem, time_limit_s=options.time_limit, polish_work=0)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        sys.stdout.write(
            f"{name}: {len(found.meetings)} meetings, {found.objective:g} of {found.bound:g},"
            f" {found.objective / found.bound:.6f} {found.status}, {wall:.1f} s (processor {processor:.1f} s)"
            f" {check(problem, found)[:1] or ''}\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
