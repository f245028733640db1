"""Sets of offers that together cover several functions (mail, video, documents...), none of them
superfluous.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

MAX_SUITES = 2_000


@dataclass(frozen=True, slots=True)
class Suite:
    """`offer_ids` ascending; `covers` names, per function, the member that serves it best; `score` is the
    mean of those members' scores.
    """

    offer_ids: tuple[int, ...]
    score: float
    covers: Mapping[str, int]


def minimal_suites(
    candidates: Mapping[str, Mapping[int, float]], k: int = 10, *, max_size: int | None = None
) -> list[Suite]:
    """The k best minimal sets: fewest members first, then by score, then by numbers.

    `candidates` gives, per function, the offers that serve it and their scores. A set is minimal when every
    member is the only one to serve some function. Empty when a function has no candidate.
    """
    functions = list(candidates)
    if not functions or not all(candidates.values()):
        return []
    limit = min(max_size or len(functions), len(functions))
    found: dict[tuple[int, ...], Suite] = {}
    for size in range(1, limit + 1):
        for members in _covers(candidates, functions, size):
            if members not in found and _is_minimal(members, candidates):
                found[members] = _suite(members, candidates)
        if len(found) >= MAX_SUITES:
            break
    ranked = sorted(found.values(), key=lambda s: (len(s.offer_ids), -round(s.score, 6), s.offer_ids))
    return ranked[:k]


def _covers(
    candidates: Mapping[str, Mapping[int, float]], functions: Sequence[str], size: int
) -> list[tuple[int, ...]]:
    """Sets of exactly `size` members found by serving, each time, the first function not yet served."""
    partial: set[frozenset[int]] = {frozenset()}
    complete: set[tuple[int, ...]] = set()
    for _ in range(size):
        grown: set[frozenset[int]] = set()
        for members in sorted(partial, key=sorted)[:MAX_SUITES]:
            waiting = next(f for f in functions if members.isdisjoint(candidates[f]))
            for offer_id in candidates[waiting]:
                larger = members | {offer_id}
                if all(not larger.isdisjoint(candidates[f]) for f in functions):
                    complete.add(tuple(sorted(larger)))
                else:
                    grown.add(larger)
        partial = grown
    return sorted(members for members in complete if len(members) == size)


def _is_minimal(members: tuple[int, ...], candidates: Mapping[str, Mapping[int, float]]) -> bool:
    needed = [
        next(iter(serving))
        for serving in ({m for m in members if m in offers} for offers in candidates.values())
        if len(serving) == 1
    ]
    return set(needed) == set(members)


def _suite(members: tuple[int, ...], candidates: Mapping[str, Mapping[int, float]]) -> Suite:
    covers = {
        function: max((m for m in members if m in offers), key=lambda m: (offers[m], -m))
        for function, offers in candidates.items()
    }
    scores = list(chain(candidates[function][member] for function, member in covers.items()))
    return Suite(members, sum(scores) / len(scores), covers)
