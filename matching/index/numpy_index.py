"""The reference: every similarity, every time."""

from __future__ import annotations

import numpy as np

from matching.index.contract import (
    Allowed,
    Hits,
    Ids,
    checked_query,
    checked_rows,
    gather_search,
    keep_best,
)
from matching.types import Vectors

GATHER_BELOW = 0.25


class NumpyIndex:
    """Exact search by one matrix product."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._ids: Ids = np.empty(0, np.int64)
        self._rows: Vectors = np.empty((0, dimension), np.float32)

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._ids

    @property
    def rows(self) -> Vectors:
        """The vectors, in the order of `ids`."""
        return self._rows

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Insert or replace rows."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        kept = ~np.isin(self._ids, numbers)
        merged = np.concatenate([self._ids[kept], numbers])
        order = np.argsort(merged)
        self._rows = np.ascontiguousarray(np.concatenate([self._rows[kept], rows])[order])
        self._ids = merged[order]

    def remove(self, ids: Ids) -> None:
        """Delete rows."""
        kept = ~np.isin(self._ids, ids)
        self._ids, self._rows = self._ids[kept], self._rows[kept]

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows: rows gathered when few are allowed, all of them otherwise."""
        vector = checked_query(query, self._dimension)
        if allowed is None:
            return keep_best(self._ids, self._rows @ vector, k)
        if allowed.sum() < GATHER_BELOW * len(self._ids):
            return gather_search(self._ids, self._rows, vector, k, allowed)
        return keep_best(self._ids[allowed], (self._rows @ vector)[allowed], k)
