"""Minimal sets against an exhaustive search."""

from __future__ import annotations

import time
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.retrieval.suites import minimal_suites

SCORES = st.integers(-3, 9).map(float)
CANDIDATES = st.dictionaries(
    st.sampled_from(["mail", "video", "chat", "docs"]),
    st.dictionaries(st.integers(1, 7), SCORES, min_size=1, max_size=5),
    min_size=1,
    max_size=4,
)


def exhaustive(candidates: dict[str, dict[int, float]], k: int) -> list[tuple[tuple[int, ...], float]]:
    offers = sorted({offer for serving in candidates.values() for offer in serving})
    found = []
    for size in range(1, len(candidates) + 1):
        for members in combinations(offers, size):
            served = [[m for m in members if m in serving] for serving in candidates.values()]
            if all(served) and all([m] in served for m in members):
                best = [max(serving[m] for m in members if m in serving) for serving in candidates.values()]
                found.append((members, sum(best) / len(best)))
    return sorted(found, key=lambda item: (len(item[0]), -round(item[1], 6), item[0]))[:k]


@settings(max_examples=300, deadline=None)
@given(CANDIDATES, st.integers(1, 12))
def test_the_same_sets_as_exhaustive_search(candidates: dict[str, dict[int, float]], k: int) -> None:
    found = [(suite.offer_ids, suite.score) for suite in minimal_suites(candidates, k)]
    assert found == exhaustive(candidates, k)


def test_six_functions_that_nobody_serves_together_stay_quick() -> None:
    candidates = {
        f"function {number}": {100 * number + place: 5.0 - place / 10 for place in range(12)}
        for number in range(6)
    }
    start = time.perf_counter()
    suites = minimal_suites(candidates, 10)
    assert time.perf_counter() - start < 2.0
    assert suites[0].offer_ids == (0, 100, 200, 300, 400, 500)
    assert [len(suite.offer_ids) for suite in suites] == [6] * 10


def test_no_more_members_than_asked() -> None:
    candidates = {"mail": {1: 3.0}, "video": {2: 4.0}}
    assert minimal_suites(candidates, max_size=1) == []
    assert minimal_suites(candidates, k=0) == []
