"""Exact search with FAISS: half-precision scan behind a bitmap, rows gathered when few are allowed.

The scan (Douze et al. 2024, "The Faiss library") reads fp16 codes, half the memory traffic of float32. Its
answer is made exact: more rows than asked are fetched and compared again in float32, and fetched again, twice
as many, until the rounding of fp16 provably cannot hide a better row.

`compressed=True` keeps only the fp16 codes in memory, with the float32 rows in a memory-mapped file when a
`folder` is given (re-ranking stays exact) and without them otherwise (re-ranking by the codes).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matching.index.contract import (
    Allowed,
    Hits,
    Ids,
    checked_query,
    checked_rows,
    keep_best,
)
from matching.index.numpy_index import NumpyIndex
from matching.threads import rest_while_waiting
from matching.types import Vectors

GATHER_BELOW = 0.02
FETCH_MORE = 44
REBUILD_ABOVE = 0.05
FP16_ERROR = 2.0**-10
"""Bound on the error of an inner product of unit vectors whose rows were rounded to fp16."""


@dataclass(frozen=True, slots=True)
class _State:
    """What a search reads: `codes` over `base_ids`, minus the dead, plus the rows of `recent`."""

    ids: Ids
    base_ids: Ids
    base_place: Ids
    base_alive: Allowed
    rows: Any
    codes: Any
    recent: NumpyIndex
    recent_place: Ids


class FaissIndex:
    """Changes go to a small overlay, merged by a rebuild past 5 %; a search reads one state."""

    def __init__(
        self,
        dimension: int,
        *,
        compressed: bool = False,
        folder: Path | None = None,
        gather_below: float = GATHER_BELOW,
    ) -> None:
        self._dimension = dimension
        self._compressed = compressed
        self._folder = folder
        self._gather_below = gather_below
        self._state = self._build(np.empty(0, np.int64), np.empty((0, dimension), np.float32))

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._state.ids

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Insert or replace rows."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        self._change(numbers, numbers, rows)

    def remove(self, ids: Ids) -> None:
        """Delete rows."""
        empty = np.empty((0, self._dimension), np.float32)
        self._change(np.asarray(ids, np.int64), np.empty(0, np.int64), empty)

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows, by the cheaper path at this selectivity."""
        state, vector = self._state, checked_query(query, self._dimension)
        if len(state.ids) == len(state.base_ids) and not len(state.recent_place):
            return self._search_base(state, vector, k, allowed)
        wanted = np.ones(len(state.ids), np.bool_) if allowed is None else allowed
        base = state.base_alive & wanted[state.base_place]
        found = [
            self._search_base(state, vector, k, base),
            state.recent.search(vector, k, wanted[state.recent_place]),
        ]
        return keep_best(
            np.concatenate([hits.ids for hits in found]),
            np.concatenate([hits.similarities for hits in found]),
            k,
        )

    def memory_bytes(self) -> int:
        """Bytes held in memory for vectors (not the memory-mapped rows)."""
        state = self._state
        in_memory = isinstance(state.rows, np.ndarray) and not isinstance(state.rows, np.memmap)
        codes = len(state.base_ids) * self._dimension * 2 if state.codes is not None else 0
        return codes + (state.rows.nbytes if in_memory else 0) + state.recent.rows.nbytes

    def _search_base(self, state: _State, query: Vectors, k: int, base: Allowed | None) -> Hits:
        count = len(state.base_ids) if base is None else int(np.count_nonzero(base))
        if not count or k <= 0:
            return keep_best(np.empty(0, np.int64), np.empty(0, np.float32), k)
        if base is not None and count <= self._gather_below * len(base):
            chosen = np.flatnonzero(base)
            return keep_best(state.base_ids[chosen], _rows_at(state, chosen) @ query, k)
        fetch = min(count, k + FETCH_MORE)
        while True:
            places, rough = _scan(state.codes, query, fetch, base)
            exact = _rows_at(state, places) @ query
            hits = keep_best(state.base_ids[places], exact, k)
            proven = fetch >= count or rough[-1] + FP16_ERROR < hits.similarities[-1]
            if proven or state.rows is None:
                return hits
            fetch = min(count, 2 * fetch)

    def _change(self, gone: Ids, numbers: Ids, rows: Vectors) -> None:
        state = self._state
        alive = state.base_alive & ~np.isin(state.base_ids, gone)
        recent = NumpyIndex(self._dimension)
        recent.add(state.recent.ids, state.recent.rows)
        recent.remove(gone)
        recent.add(numbers, rows)
        dead = len(alive) - int(alive.sum())
        if len(recent.ids) + dead > REBUILD_ABOVE * max(len(alive), 1_000):
            old = _rows_at(state, np.flatnonzero(alive))
            ids = np.concatenate([state.base_ids[alive], recent.ids])
            order = np.argsort(ids)
            self._state = self._build(ids[order], np.concatenate([old, recent.rows])[order])
        else:
            self._state = _assemble(state.base_ids, alive, state.rows, state.codes, recent)

    def _build(self, ids: Ids, rows: Vectors) -> _State:
        kept: Any = rows
        if self._compressed and len(rows):
            kept = _on_disk(rows, self._folder) if self._folder else None
        codes = _encode(rows) if len(rows) else None
        alive = np.ones(len(ids), np.bool_)
        return _assemble(ids, alive, kept, codes, NumpyIndex(self._dimension))


def _assemble(base_ids: Ids, alive: Allowed, rows: Any, codes: Any, recent: NumpyIndex) -> _State:
    ids = np.sort(np.concatenate([base_ids[alive], recent.ids]))
    place = np.minimum(np.searchsorted(ids, base_ids), max(len(ids) - 1, 0))
    return _State(ids, base_ids, place, alive, rows, codes, recent, np.searchsorted(ids, recent.ids))


def _encode(rows: Vectors) -> Any:
    rest_while_waiting()
    import faiss

    kind = faiss.ScalarQuantizer.QT_fp16
    codes = faiss.IndexScalarQuantizer(rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    codes.train(rows[:1])
    codes.add(rows)
    return codes


def _scan(codes: Any, query: Vectors, fetch: int, base: Allowed | None) -> tuple[Ids, Vectors]:
    import faiss

    parameters = None
    if base is not None:
        bitmap = np.packbits(base, bitorder="little")
        # faiss wraps these in Python at import, which its own stubs do not know
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type]  # faiss: what SWIG takes
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # faiss: what SWIG takes
    similarities, places = codes.search(query[None], fetch, params=parameters)
    found = places[0] >= 0
    return places[0][found], similarities[0][found]


def _rows_at(state: _State, places: Ids) -> Vectors:
    if state.rows is not None:
        return np.asarray(state.rows[places], np.float32)
    if state.codes is None:
        return np.empty((0, state.recent.rows.shape[1]), np.float32)
    return np.asarray(state.codes.reconstruct_batch(places), np.float32)


def _on_disk(rows: Vectors, folder: Path) -> Any:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".npy", delete=False) as file:
        np.save(file, rows)
    return np.load(file.name, mmap_mode="r")
