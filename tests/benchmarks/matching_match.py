"""Time of a whole `match` call by number of offers, with the share of each stage, and of a change.

`python -m tests.benchmarks.matching_match [1000 100000]`
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

import numpy as np

from matching.criteria.types import Requirement
from matching.retrieval.matcher import Matcher
from matching.retrieval.ranking import top_rows
from matching.retrieval.stems import tokens
from matching.retrieval.text import need_text
from matching.retrieval.types import Need
from tests.benchmarks.matching_load import loaded_matcher, random_offers, random_rows, random_text, timed_ms


def run(count: int) -> str:
    """One line per measure for this many offers."""
    started = time.perf_counter()
    matcher = loaded_matcher(count)
    built_s = time.perf_counter() - started
    draw = np.random.default_rng(1)
    queries = random_rows(50, 7)
    needs = [
        Need(random_text(draw, 8), random_text(draw, 90), requirements=(Requirement("eu_hosting"),))
        for _ in range(50)
    ]
    stages: dict[str, list[float]] = defaultdict(list)
    turn = iter(range(1_000_000))

    def ask() -> None:
        i = next(turn) % 50
        for stage, lap in matcher.match(needs[i], 20, query_vector=queries[i]).timings_ms.items():
            stages[stage].append(lap)

    median, p95 = timed_ms(ask, 100)
    words, _ = timed_ms(lambda: words_alone(matcher, needs[next(turn) % 50]), 50)
    total = sum(stages["total"])
    shares = ", ".join(
        f"{stage} {sum(laps) / total:.0%}" for stage, laps in stages.items() if stage != "total"
    )
    offer = random_offers(1, 99)[0]
    change, _ = timed_ms(lambda: matcher.upsert([offer], {offer.id: queries[:1]}), 5)
    return (
        f"{count:>9,} offers: match median {median:.1f} ms, p95 {p95:.1f} ms ({shares}); "
        f"BM25 alone {words:.1f} ms, x{median / words:.1f}; "
        f"built in {built_s:.1f} s; one offer changed in {change:.0f} ms\n"
    )


def words_alone(matcher: Matcher, need: Need) -> object:
    """The 20 best by BM25, with neither vectors, gate nor explanations: the reference to compare with."""
    snapshot = matcher._snapshot
    scores, _shared = snapshot.lexical.scores(tokens(need_text(need)), snapshot.slots)
    return top_rows(scores, np.ones(len(scores), np.bool_), 20)


def main(arguments: list[str]) -> int:
    """Each size given, 1,000 and 100,000 by default."""
    for size in arguments or ["1000", "100000"]:
        sys.stdout.write(run(int(size)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
