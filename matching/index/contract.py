"""What every index promises: the exact k nearest among the allowed rows, ties by lower number.

Vectors are unit rows float32 [n, d]; similarity is their inner product. `allowed` is a boolean mask over the
rows in the order of `ids`, None for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.errors import DimensionMismatch, InvalidVector
from matching.types import Vectors

Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """Numbers int64 [<= k] and similarities float32 [<= k], best first."""

    ids: Ids
    similarities: NDArray[np.float32]


class VectorIndex(Protocol):
    """An index built once over numbered rows; a changed offer is `add`ed or `remove`d without a rebuild."""

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending: the order of `allowed`."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Insert or replace rows; raises DimensionMismatch or InvalidVector and then changes nothing."""
        ...

    def remove(self, ids: Ids) -> None:
        """Delete rows; unknown numbers are left aside."""
        ...

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows to `query` [d]."""
        ...


def checked_rows(ids: Ids, vectors: Vectors, dimension: int) -> tuple[Ids, Vectors]:
    """The rows as contiguous arrays; raises DimensionMismatch or InvalidVector."""
    numbers = np.asarray(ids, np.int64).reshape(-1)
    rows = np.ascontiguousarray(np.atleast_2d(vectors), np.float32)
    if rows.shape[1] != dimension:
        raise DimensionMismatch(dimension, int(rows.shape[1]))
    if len(numbers) != len(rows) or len(np.unique(numbers)) != len(numbers):
        raise InvalidVector("one vector per number, each number once")
    if not np.isfinite(rows).all():
        raise InvalidVector("a vector holds a NaN or an infinity")
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
    """Copy the allowed rows, then one product: the fastest way when few rows are allowed."""
    chosen = np.flatnonzero(allowed)
    return keep_best(ids[chosen], rows[chosen] @ query, k)
