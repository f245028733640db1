"""Arithmetic on embeddings: means, centring, similarities.

An encoder such as E5 puts every text in a narrow cone: subtracting the mean of the offers from the offers,
and the mean of the *needs* from a need, then normalising again, restores contrast (first step of Mu and
Viswanath 2018, "All-but-the-top"). The means differ because needs and offers are written differently.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.types import Vectors

PRIOR_STRENGTH = 8.0
_TINY = 1e-9


def estimate_mean(
    vectors: Vectors | Sequence[Vectors], prior: Vectors | None = None, *, strength: float = PRIOR_STRENGTH
) -> Vectors:
    """Mean of the rows [n, d], drawn towards `prior` [d] (the origin when None) by `strength` imaginary rows.

    With few rows the prior dominates, so that a portal with three needs does not centre on those three.
    """
    rows = np.atleast_2d(np.asarray(vectors, np.float64))
    if rows.shape[1] == 0:
        if prior is None:
            raise ValueError("no vector and no prior: no mean")
        return np.asarray(prior, np.float32)
    base = np.zeros(rows.shape[1]) if prior is None else np.asarray(prior, np.float64)
    return np.asarray((rows.sum(axis=0) + strength * base) / (len(rows) + strength), np.float32)


def centre(rows: Vectors, mean: Vectors) -> Vectors:
    """Rows minus the mean, L2-normalised, float32 [n, d]; a row equal to the mean becomes zero."""
    moved = rows - mean
    norms = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.asarray(moved / np.maximum(norms, _TINY), np.float32)
