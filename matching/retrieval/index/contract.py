"""What every index promises: the exact k nearest among the allowed rows, ties by lower number.

Vectors are rows float32 [n, d], of a length that stays near 1; similarity is their inner product. `allowed`
is a boolean mask over the rows in the order of `ids`, None for all. An index never changes: a change makes
the next one, sharing what it can, so that a reader keeps a coherent one for as long as it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from matching.errors import DimensionMismatch, InvalidVector
from matching.retrieval.types import Vectors

Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]
Floats = NDArray[np.float64]
PRODUCT_ROWS = 512


@dataclass(frozen=True, slots=True)
class Hits:
    """Numbers int64 [<= k] and similarities float32 [<= k], best first."""

    ids: Ids
    similarities: NDArray[np.float32]


class Store(Protocol):
    """Numbered rows one can ask the nearest of."""

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending: the order of `allowed` and of `places`."""
        ...

    @property
    def rows(self) -> Vectors:
        """The vectors in the order of `ids`, float32 [n, d]: for products with many queries at once."""
        ...

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows to `query` [d]."""
        ...

    def similarities(self, query: Vectors, places: Ids) -> Floats:
        """Those of the rows at these places, float64 [places], summed in double precision."""
        ...


class VectorIndex(Store, Protocol):
    """Rows that can be replaced; raises DimensionMismatch or InvalidVector on rows that cannot be kept."""

    def built(self, ids: Ids, vectors: Vectors, origin: str = "") -> Self:
        """An index of these rows alone. `origin` names what they were computed from: a store shared by
        several processes keeps one set of rows per origin.
        """
        ...

    def changed(self, gone: Ids, ids: Ids, vectors: Vectors) -> Self:
        """The index after the rows `gone` are deleted (unknown numbers are left aside) and these are added
        or replaced.
        """
        ...


def checked_rows(ids: Ids, vectors: Vectors, dimension: int) -> tuple[Ids, Vectors]:
    """The rows as contiguous arrays, by ascending number; raises DimensionMismatch or InvalidVector."""
    numbers = np.asarray(ids, np.int64).reshape(-1)
    rows = np.ascontiguousarray(np.atleast_2d(vectors), np.float32)
    if rows.shape[1] != dimension:
        raise DimensionMismatch(dimension, int(rows.shape[1]))
    if len(numbers) != len(rows) or len(np.unique(numbers)) != len(numbers):
        raise InvalidVector("one vector per number, each number once")
    if not np.isfinite(rows).all():
        raise InvalidVector("a vector holds a NaN or an infinity")
    if (np.diff(numbers) < 0).any():
        order = np.argsort(numbers)
        return numbers[order], rows[order]
    return numbers, rows


def checked_query(query: Vectors, dimension: int) -> Vectors:
    """One finite vector [d]."""
    vector = np.ascontiguousarray(query, np.float32).reshape(-1)
    if len(vector) != dimension:
        raise DimensionMismatch(dimension, len(vector))
    if not np.isfinite(vector).all():
        raise InvalidVector("the query holds a NaN or an infinity")
    return vector


def keep_best(ids: Ids, similarities: NDArray[np.float32], k: int) -> Hits:
    """The k largest similarities, ties by lower number."""
    if k <= 0 or not len(ids):
        return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
    if len(ids) > k:
        threshold = np.partition(similarities, len(similarities) - k)[len(similarities) - k]
        kept = similarities >= threshold
        ids, similarities = ids[kept], similarities[kept]
    order = np.lexsort((ids, -similarities))[:k]
    return Hits(ids[order], similarities[order])


def gather_search(ids: Ids, rows: Vectors, query: Vectors, k: int, allowed: Allowed) -> Hits:
    """Copy the allowed rows, then their products: the fastest way when few rows are allowed."""
    chosen = np.flatnonzero(allowed)
    return keep_best(ids[chosen], np.vecdot(rows[chosen], query), k)


def products(rows: Vectors, query: Vectors) -> Floats:
    """Inner products summed in double precision: equal rows tie exactly, wherever they lie in memory."""
    vector, found = query.astype(np.float64), np.empty(len(rows), np.float64)
    for start in range(0, len(rows), PRODUCT_ROWS):
        part = slice(start, start + PRODUCT_ROWS)
        found[part] = np.vecdot(rows[part].astype(np.float64), vector)
    return found
