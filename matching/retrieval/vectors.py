"""Arithmetic on embeddings: means, centring, soft whitening.

An encoder such as E5 puts every text in a narrow cone: subtracting the mean of the offers from the offers,
and the mean of the *needs* from a need, then normalising again, restores contrast (first step of Mu and
Viswanath 2018, "All-but-the-top"). The means differ because needs and offers are written differently.

What is left has hubs: offers so general that they lie near every need. The mean similarity of an offer to
its nearest offers tells how much of a hub it is, and is held against it (after Conneau et al. 2018, "Word
translation without parallel data", CSLS).

What is left still varies most along a few directions that tell register rather than meaning. Soft whitening
(ZCA with a strong ridge; after Su et al. 2021, "Whitening sentence representations") shrinks those only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.types import Vectors

NEIGHBOURS = 10
LANDMARKS = 1_000
PRIOR_STRENGTH = 8.0
RIDGE = 20.0
COVARIANCE_PRIOR = 100.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Space:
    """Where offers and needs are compared: the offers' `mean` [d] and the linear map `whitening` [d, d], of
    single precision kept in double: converting it would cost each need more than its product.
    """

    mean: Vectors
    whitening: NDArray[np.float64]

    def place(self, rows: Vectors, mean: Vectors | None = None) -> Vectors:
        """Unit rows float32 [n, d] in this space, moved by `mean` (the offers' own when None).

        In double precision: a product rounds a row after its neighbours, and equal offers must stay equal.
        """
        moved = np.atleast_2d(centre(rows, self.mean if mean is None else mean))
        placed = np.empty(moved.shape, np.float32)
        for start in range(0, len(moved), LANDMARKS):
            part = slice(start, start + LANDMARKS)
            placed[part] = unit(moved[part].astype(np.float64) @ self.whitening)
        return placed


def fit_space(rows: Vectors) -> Space:
    """The space of these offers [n, d]; with few of them it stays close to the raw one."""
    mean = estimate_mean(rows)
    centred = centre(rows, mean).astype(np.float64)
    width = rows.shape[1]
    total = len(rows) + COVARIANCE_PRIOR
    covariance = (centred.T @ centred + np.eye(width) * COVARIANCE_PRIOR / width) / total
    values, axes = np.linalg.eigh(covariance)
    ridge = RIDGE * float(values.mean())
    scale = np.sqrt(ridge / (np.maximum(values, 0.0) + ridge))
    return Space(mean, np.asarray((axes * scale) @ axes.T, np.float32).astype(np.float64))


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


def raw_space(dimension: int) -> Space:
    """No centring, no whitening: what is left without any offer."""
    return Space(np.zeros(dimension, np.float32), np.eye(dimension))


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
