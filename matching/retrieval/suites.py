"""Sets of offers that together cover several functions (mail, video, documents...), none of them
superfluous.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop

NOTHING = float("-inf")
SCORE_DECIMALS = 6

Candidates = Mapping[str, Mapping[int, float]]
"""Per function, the offers that serve it and their scores."""


@dataclass(frozen=True, slots=True)
class Suite:
    """`offer_ids` ascending; `covers` names, per function, the member that serves it best; `score` is the
    mean of those members' scores.
    """

    offer_ids: tuple[int, ...]
    score: float
    covers: Mapping[str, int]


def minimal_suites(candidates: Candidates, k: int = 10, *, max_size: int | None = None) -> list[Suite]:
    """The k best minimal sets: fewest members first, then by score, then by numbers.

    A set is minimal when every member is the only one to serve some function. Empty when a function has no
    candidate.
    """
    functions = list(candidates)
    if k <= 0 or not functions or not all(candidates.values()):
        return []
    found: list[Suite] = []
    for size in range(1, min(max_size or len(functions), len(functions)) + 1):
        found += _best_of_size(candidates, size, k - len(found))
        if len(found) >= k:
            break
    return found


def _best_of_size(candidates: Candidates, size: int, k: int) -> list[Suite]:
    """The k best of exactly `size` members, exactly: a branch is left once it cannot beat the k-th."""
    best: list[tuple[float, tuple[int, ...]]] = []
    seen: set[frozenset[int]] = set()
    waiting: list[tuple[int, ...]] = [()]
    hopes = _Hopes(candidates)
    while waiting:
        members = waiting.pop()
        hope, missing = hopes.of(members)
        if len(best) == k and round(hope, SCORE_DECIMALS) < best[0][0]:
            continue
        if not missing:
            if len(members) == size and _is_minimal(members, candidates):
                entry = (round(hope, SCORE_DECIMALS), tuple(-member for member in sorted(members)))
                if len(best) < k:
                    heappush(best, entry)
                else:
                    heappushpop(best, entry)
        elif len(members) + hopes.members_for(missing) <= size:
            for larger in _extended(members, candidates[missing[0]]):
                if frozenset(larger) not in seen:
                    seen.add(frozenset(larger))
                    waiting.append(larger)
    return [
        _suite(tuple(-number for number in numbers), candidates)
        for _score, numbers in sorted(best, key=lambda entry: (-entry[0], [-number for number in entry[1]]))
    ]


def _extended(members: tuple[int, ...], serving: Mapping[int, float]) -> Iterator[tuple[int, ...]]:
    """One member more, the best one last: it is the first to be taken up."""
    for offer_id in sorted(serving, key=lambda number: (serving[number], -number)):
        yield (*members, offer_id)


class _Hopes:
    """How good a set may still become: what its members give, or what the functions still uncovered bring
    along, whichever is more.
    """

    def __init__(self, candidates: Candidates) -> None:
        self._functions = list(candidates)
        self._candidates = candidates
        self._brought: dict[tuple[str, ...], list[float]] = {}
        self._needed: dict[tuple[str, ...], int] = {}

    def of(self, members: Sequence[int]) -> tuple[float, tuple[str, ...]]:
        """A bound on the score of any set that holds `members`, and the functions they do not serve."""
        served = [
            max((self._candidates[function].get(member, NOTHING) for member in members), default=NOTHING)
            for function in self._functions
        ]
        missing = tuple(
            function for function, score in zip(self._functions, served, strict=True) if score == NOTHING
        )
        if missing:
            served = [max(pair) for pair in zip(served, self._reach(missing), strict=True)]
        return sum(served) / len(served), missing

    def members_for(self, missing: tuple[str, ...]) -> int:
        """At least how many members it takes to serve these functions."""
        if missing not in self._needed:
            serving = Counter(offer_id for function in missing for offer_id in self._candidates[function])
            self._needed[missing] = -(-len(missing) // max(serving.values()))
        return self._needed[missing]

    def _reach(self, missing: tuple[str, ...]) -> list[float]:
        if missing not in self._brought:
            newcomers = {offer_id for function in missing for offer_id in self._candidates[function]}
            self._brought[missing] = [
                max((score for offer_id, score in serving.items() if offer_id in newcomers), default=NOTHING)
                for serving in (self._candidates[function] for function in self._functions)
            ]
        return self._brought[missing]


def _is_minimal(members: Sequence[int], candidates: Candidates) -> bool:
    needed = [
        next(iter(serving))
        for serving in ({m for m in members if m in offers} for offers in candidates.values())
        if len(serving) == 1
    ]
    return set(needed) == set(members)


def _suite(members: tuple[int, ...], candidates: Candidates) -> Suite:
    covers = {
        function: max((m for m in members if m in offers), key=lambda m: (offers[m], -m))
        for function, offers in candidates.items()
    }
    scores = [candidates[function][member] for function, member in covers.items()]
    return Suite(members, sum(scores) / len(scores), covers)
