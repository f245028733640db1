"""The reference: every similarity, every time."""

from __future__ import annotations

from typing import Self

import numpy as np

from matching.retrieval.index.contract import (
    Allowed,
    Floats,
    Hits,
    Ids,
    checked_query,
    checked_rows,
    gather_search,
    keep_best,
    products,
)
from matching.retrieval.types import Vectors

GATHER_BELOW = 0.25


class NumpyIndex:
    """Exact search by an inner product per row: a matrix product rounds a row after its neighbours."""

    def __init__(self, dimension: int, ids: Ids | None = None, rows: Vectors | None = None) -> None:
        self._dimension = dimension
        self._ids: Ids = np.empty(0, np.int64) if ids is None else ids
        self._rows: Vectors = np.empty((0, dimension), np.float32) if rows is None else rows

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._ids

    @property
    def rows(self) -> Vectors:
        """The vectors, in the order of `ids`."""
        return self._rows

    def built(self, ids: Ids, vectors: Vectors, origin: str = "") -> Self:
        """An index of these rows alone."""
        return type(self)(self._dimension, *checked_rows(ids, vectors, self._dimension))

    def changed(self, gone: Ids, ids: Ids, vectors: Vectors) -> Self:
        """The index after these rows are deleted and those inserted or replaced."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        kept = ~np.isin(self._ids, np.concatenate([np.asarray(gone, np.int64), numbers]))
        return self.built(
            np.concatenate([self._ids[kept], numbers]), np.concatenate([self._rows[kept], rows])
        )

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows: rows gathered when few are allowed, all of them otherwise."""
        vector = checked_query(query, self._dimension)
        if allowed is None:
            return keep_best(self._ids, np.vecdot(self._rows, vector), k)
        if allowed.sum() < GATHER_BELOW * len(self._ids):
            return gather_search(self._ids, self._rows, vector, k, allowed)
        return keep_best(self._ids[allowed], np.vecdot(self._rows, vector)[allowed], k)

    def similarities(self, query: Vectors, places: Ids) -> Floats:
        """Those of the rows at these places."""
        return products(self._rows[places], checked_query(query, self._dimension))
