"""Mean and spread of the similarities of every row to any vector, without computing those similarities.

They follow from the rows' sum [d] and the sum of their outer products [d, d], kept in double precision:
adding or removing a row changes both by what that row brings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.types import Vectors

Floats = NDArray[np.float64]
CHUNK_ROWS = 4_096
LEAST_SPREAD = 1e-6
"""Under it nothing varies: what is left is rounding."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Of `count` rows: their `total` [d] and the total of their `products` [d, d]."""

    count: int
    total: Floats
    products: Floats

    @classmethod
    def of(cls, rows: Vectors) -> Moments:
        """Those of these rows [n, d]."""
        width = rows.shape[1]
        products = np.zeros((width, width))
        for start in range(0, len(rows), CHUNK_ROWS):
            part = rows[start : start + CHUNK_ROWS].astype(np.float64)
            products += part.T @ part
        return cls(len(rows), rows.sum(axis=0, dtype=np.float64), products)

    def changed(self, gone: Vectors, come: Vectors) -> Moments:
        """Those after some rows left and others came."""
        less, more = Moments.of(gone), Moments.of(come)
        return Moments(
            self.count - less.count + more.count,
            self.total - less.total + more.total,
            self.products - less.products + more.products,
        )

    def along(self, vector: Vectors) -> tuple[float, float]:
        """Mean and deviation of the rows' inner products with `vector`; 0 and 1 when nothing varies."""
        if self.count < 2:
            return 0.0, 1.0
        direction = vector.astype(np.float64)
        mean = float(self.total @ direction) / self.count
        variance = float(direction @ self.products @ direction) / self.count - mean * mean
        spread = max(variance, 0.0) ** 0.5
        return (mean, spread) if spread > LEAST_SPREAD else (0.0, 1.0)
