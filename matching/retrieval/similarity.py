"""Who resembles whom: offers among themselves, needs among themselves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

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


def similar_needs(
    vectors: Mapping[int, Vectors], need_id: int, k: int = 10, *, mean: Vectors | None = None
) -> list[tuple[int, float]]:
    """The k needs nearest in meaning to one of them, for grouping demand: number and centred cosine.

    `vectors` gives each need's vector [d]; `mean` defaults to their own.
    """
    ids = np.array(sorted(vectors), np.int64)
    rows = np.stack([np.asarray(vectors[int(i)], np.float32).reshape(-1) for i in ids])
    placed = centre(rows, estimate_mean(rows) if mean is None else mean)
    others = ids != need_id
    near = placed[others] @ placed[int(np.searchsorted(ids, need_id))]
    hits = keep_best(ids[others], near, k)
    return list(zip(hits.ids.tolist(), hits.similarities.tolist(), strict=True))
