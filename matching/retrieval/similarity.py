"""Who resembles whom: offers among themselves, needs among themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.index.contract import keep_best
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.types import Vectors
from matching.retrieval.vectors import centre, estimate_mean


def similar_offers(
    snapshot: Snapshot, offer_id: int, k: int, kinds: frozenset[str] | None
) -> list[tuple[int, float]]:
    """The k offers nearest in meaning, this one left out: number and cosine in the offers' space."""
    row = snapshot.row(offer_id)
    allowed = snapshot.of_kinds(kinds)
    allowed[row] = False
    place = snapshot.space.place(snapshot.stored[row].vectors[:1])[0]
    hits = snapshot.index.search(np.append(place, np.float32(0.0)), k, allowed)  # hubness left aside
    cosines = hits.similarities / len(snapshot.widths)
    return list(zip(hits.ids.tolist(), cosines.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class NeedsAlike:
    """Needs `ids` [n] in one space, moved by their `mean` [d]: rows `placed` [n, d]."""

    ids: NDArray[np.int64]
    mean: Vectors
    placed: Vectors

    @classmethod
    def of(cls, vectors: Mapping[int, Vectors], mean: Vectors | None = None) -> NeedsAlike:
        """Those whose vectors [d] are given; `mean` defaults to their own."""
        ids = np.array(sorted(vectors), np.int64)
        if not len(ids):
            return cls(ids, np.zeros(0, np.float32), np.empty((0, 0), np.float32))
        rows = np.stack([np.asarray(vectors[int(i)], np.float32).reshape(-1) for i in ids])
        middle = estimate_mean(rows) if mean is None else mean
        return cls(ids, middle, centre(rows, middle))

    def nearest(self, vector: Vectors, k: int, *, but: int) -> list[tuple[int, float]]:
        """The k needs nearest in meaning to a need's vector [d], that need left out: number and cosine."""
        others = self.ids != but
        if not others.any():
            return []
        near = self.placed[others] @ centre(vector.reshape(-1), self.mean)
        hits = keep_best(self.ids[others], near, k)
        return list(zip(hits.ids.tolist(), hits.similarities.tolist(), strict=True))


def similar_needs(
    vectors: Mapping[int, Vectors], need_id: int, k: int = 10, *, mean: Vectors | None = None
) -> list[tuple[int, float]]:
    """The k needs nearest in meaning to one of them, for grouping demand: number and centred cosine.

    `vectors` gives each need's vector [d]; `mean` defaults to their own.
    """
    return NeedsAlike.of(vectors, mean).nearest(np.asarray(vectors[need_id], np.float32), k, but=need_id)
