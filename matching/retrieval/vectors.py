"""Arithmetic on embeddings: means, centring, hubs.

An encoder such as E5 puts every text in a narrow cone: subtracting the mean of the offers from the offers,
and the mean of the *needs* from a need, then normalising again, restores contrast (first step of Mu and
Viswanath 2018, "All-but-the-top"). The means differ because needs and offers are written differently.

What is left has hubs: offers so general that they lie near every need. The mean similarity of an offer to
its nearest offers tells how much of a hub it is, and is held against it (after Conneau et al. 2018, "Word
translation without parallel data", CSLS).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.types import Vectors

NEIGHBOURS = 10
LANDMARKS = 1_000
PRIOR_STRENGTH = 8.0
_TINY = 1e-9


def choose_landmarks(rows: Vectors) -> Vectors:
    """At most LANDMARKS of these rows, evenly spaced: what hubness is measured against."""
    step = max(1, -(-len(rows) // LANDMARKS))
    return np.ascontiguousarray(rows[::step])


def hubness(rows: Vectors, landmarks: Vectors) -> Vectors:
    """Mean similarity of each unit row to its NEIGHBOURS nearest landmarks, the very nearest left out because
    it may be itself; float32 [n], 0 without neighbours.
    """
    kept = min(NEIGHBOURS, len(landmarks) - 1)
    if kept < 1:
        return np.zeros(len(rows), np.float32)
    parts, others = [], landmarks.T.astype(np.float64)
    for start in range(0, len(rows), LANDMARKS):
        near = rows[start : start + LANDMARKS].astype(np.float64) @ others
        near.partition((near.shape[1] - kept - 1, near.shape[1] - 1), axis=1)
        nearest = np.sort(near[:, -kept - 1 : -1], axis=1)
        parts.append(nearest.mean(axis=1).astype(np.float32))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def estimate_mean(
    vectors: Vectors | Sequence[Vectors], prior: Vectors | None = None, *, strength: float = PRIOR_STRENGTH
) -> Vectors:
    """Mean of the rows [n, d], drawn towards `prior` [d] (the origin when None) by `strength` imaginary rows.

    With few rows the prior dominates, so that a portal with three needs does not centre on those three.
    """
    rows = np.asarray(vectors, np.float64)
    if rows.size == 0:
        if prior is None:
            raise ValueError("no vector and no prior: no mean")
        return np.asarray(prior, np.float32)
    rows = np.atleast_2d(rows)
    base = np.zeros(rows.shape[1]) if prior is None else np.asarray(prior, np.float64)
    return np.asarray((rows.sum(axis=0) + strength * base) / (len(rows) + strength), np.float32)


def centre(rows: Vectors, mean: Vectors) -> Vectors:
    """Rows minus the mean, L2-normalised, float32 [n, d]; a row equal to the mean becomes zero."""
    return unit(rows - mean)


def unit(rows: Vectors | NDArray[np.float64]) -> Vectors:
    """Rows of length 1, float32; a zero row stays zero."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, _TINY), np.float32)
