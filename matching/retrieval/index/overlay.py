"""Changes over a store too costly to build again for each: the rows replaced since then lie beside it."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import Self

import numpy as np

from matching.retrieval.index.contract import (
    Allowed,
    Floats,
    Hits,
    Ids,
    Store,
    checked_query,
    checked_rows,
    keep_best,
)
from matching.retrieval.index.numpy_index import NumpyIndex
from matching.retrieval.types import Vectors


class OverlaidIndex(ABC):
    """A store `built` once, minus its dead rows, plus a few recent ones: to change many rows, build again."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._assemble(NumpyIndex(dimension), np.empty(0, np.bool_), NumpyIndex(dimension))

    @abstractmethod
    def _store(self, ids: Ids, rows: Vectors, origin: str) -> Store:
        """What keeps these rows, at least one."""

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._ids

    @property
    def rows(self) -> Vectors:
        """The vectors, in the order of `ids`: a copy."""
        if self._is_plain:
            return self._base.rows
        rows = np.empty((len(self._ids), self._dimension), np.float32)
        late = np.isin(self._ids, self._recent.ids)
        rows[late], rows[~late] = self._recent.rows, self._base.rows[self._alive]
        return rows

    def built(self, ids: Ids, vectors: Vectors, origin: str = "") -> Self:
        """An index of these rows alone."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        base = self._store(numbers, rows, origin) if len(numbers) else NumpyIndex(self._dimension)
        return self._next(base, np.ones(len(numbers), np.bool_), NumpyIndex(self._dimension))

    def changed(self, gone: Ids, ids: Ids, vectors: Vectors) -> Self:
        """The index after these rows are deleted and those inserted or replaced."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        touched = np.concatenate([np.asarray(gone, np.int64), numbers])
        alive = self._alive & ~np.isin(self._base.ids, touched)
        return self._next(self._base, alive, self._recent.changed(touched, numbers, rows))

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows."""
        vector = checked_query(query, self._dimension)
        if self._is_plain:
            return self._base.search(vector, k, allowed)
        if not len(self._ids):
            return keep_best(self._ids, np.empty(0, np.float32), k)
        wanted = np.ones(len(self._ids), np.bool_) if allowed is None else allowed
        found = (
            self._base.search(vector, k, self._alive & wanted[self._base_place]),
            self._recent.search(vector, k, wanted[self._recent_place]),
        )
        return keep_best(
            np.concatenate([hits.ids for hits in found]),
            np.concatenate([hits.similarities for hits in found]),
            k,
        )

    def similarities(self, query: Vectors, places: Ids) -> Floats:
        """Those of the rows at these places."""
        vector = checked_query(query, self._dimension)
        if self._is_plain:
            return self._base.similarities(vector, places)
        found, numbers = np.empty(len(places)), self._ids[places]
        late = np.isin(numbers, self._recent.ids)
        for chosen, store in ((late, self._recent), (~late, self._base)):
            found[chosen] = store.similarities(vector, np.searchsorted(store.ids, numbers[chosen]))
        return found

    def _next(self, base: Store, alive: Allowed, recent: NumpyIndex) -> Self:
        index = copy.copy(self)
        index._assemble(base, alive, recent)
        return index

    def _assemble(self, base: Store, alive: Allowed, recent: NumpyIndex) -> None:
        """`_base_place` and `_recent_place`: where the rows of both lie in `ids` (a dead one: anywhere)."""
        self._base, self._alive, self._recent = base, alive, recent
        self._ids = np.sort(np.concatenate([base.ids[alive], recent.ids]))
        self._is_plain = len(self._ids) == len(base.ids) and not len(recent.ids)
        last = max(len(self._ids) - 1, 0)
        self._base_place = np.minimum(np.searchsorted(self._ids, base.ids), last)
        self._recent_place = np.searchsorted(self._ids, recent.ids)
