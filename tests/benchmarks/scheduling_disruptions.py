"""Many random disruptions of small days: valid, and as good as an independent model on those with a schedule;
of large days (`--large`): valid, near their bound, in little time.

python -m tests.benchmarks.scheduling_disruptions --count 2000
python -m tests.benchmarks.scheduling_disruptions --large --count 50"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from typing import Any

from matching.scheduling.generator import generate
from matching.scheduling.model.problem import Problem
from matching.scheduling.repair import Absence, Event, LostTables, repair
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check
from tests.unit.scheduling.disruptions import disruption
from tests.unit.scheduling.test_disruptions import assert_optimal

SECONDS = 10.0  # what a repair may take; what it does take is told


def main() -> int:
    """Exit 1 where a repair broke a rule, missed the optimum or raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--large", action="store_true", help="100 x 300 x 16")
    options = parser.parse_args()
    numbers = range(options.start, options.start + options.count)
    return large(numbers) if options.large else small(numbers)


def small(numbers: range) -> int:
    """Beside an independent model."""
    optimal = infeasible = 0
    failed = []
    for seed in numbers:
        try:
            if assert_optimal(disruption(seed)):
                optimal += 1
            else:
                infeasible += 1
        except Exception:  # noqa: BLE001 - every failure is counted and shown
            failed.append(seed)
            sys.stderr.write(f"disruption {seed}\n{traceback.format_exc()}")
    sys.stdout.write(
        f"{len(numbers)} disruptions: {optimal} optimal, {infeasible} whose commitments cannot all be held,"
        f" {len(failed)} failed {failed[:20]}\n"
    )
    return 1 if failed else 0


def large(numbers: range) -> int:
    """Each beside its own bound; seconds of the clock and of the processor."""
    ratios, walls, proved, broken = [], [], 0, 0
    for number in numbers:
        rng = random.Random(number)
        windows = rng.choice(("none", "random15", "random30"))
        size = {"pins": rng.choice((0, 10)), "groups": rng.choice((0, 0, 4))}
        problem = Problem.from_json(generate(100, 300, 16, 60, windows=windows, seed=number, **size))
        published = solve(problem, time_limit_s=5, polish_work=0)
        events, started = _events(problem, rng), rng.choice((0, 0, rng.randrange(12)))
        policy: dict[str, Any] = {"price": rng.choice((1, 7.5, 40)), "cap": rng.choice((None, None, 1, 2))}
        wall, processor = time.perf_counter(), time.process_time()
        answer = repair(
            problem, published, events, started=started, allow_moves=True, time_limit_s=SECONDS, **policy
        )
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        net, bound = (figure - answer.paid for figure in (answer.schedule.objective, answer.schedule.bound))
        faults = check(answer.problem, answer.schedule)
        broken += bool(faults)
        proved += answer.schedule.status == "optimal"
        ratios.append(net / bound)
        walls.append(wall)
        changes = " ".join(f"{len(getattr(answer, kind))} {kind}" for kind in ("dropped", "moved", "added"))
        sys.stdout.write(
            f"{number}: {windows} {size} from {started} {policy}: {answer.schedule.status} {net / bound:.6f},"
            f" {wall:.2f} s (processor {processor:.2f} s), {changes} {faults[:1] or ''}\n"
        )
        sys.stdout.flush()
    sys.stdout.write(
        f"{len(numbers)} disruptions of 100 x 300 x 16: {broken} invalid, worst ratio {min(ratios):.6f},"
        f" {proved} proved, slowest {max(walls):.2f} s\n"
    )
    return 1 if broken else 0


def _events(problem: Problem, rng: random.Random) -> list[Event]:
    people = [person.id for person in problem.participants]
    events: list[Event] = [Absence(i) for i in rng.sample(people, rng.randint(0, 20))]
    events += [Absence(i, 0, rng.randint(1, 6)) for i in rng.sample(people, rng.randint(0, 20))]
    events += [Absence(i, rng.randrange(16)) for i in rng.sample(people, rng.randint(0, 20))]
    if rng.random() < 0.4:
        events.append(LostTables(rng.randint(1, 10), rng.randrange(16)))
    return events


if __name__ == "__main__":
    sys.exit(main())
