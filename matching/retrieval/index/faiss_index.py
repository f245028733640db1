"""Exact search with FAISS: half-precision scan behind a bitmap, rows gathered when few are allowed.

The scan (Douze et al. 2024, "The Faiss library") reads fp16 codes, half the memory traffic of float32. Its
answer is made exact: more rows than asked are fetched and compared again in float32, and fetched again, twice
as many, until the rounding of fp16 provably cannot hide a better row.

`compressed=True` keeps only the fp16 codes in memory, with the float32 rows in a memory-mapped file when a
`folder` is given (re-ranking stays exact) and without them otherwise: re-ranking is then by the codes, whose
recall is at least 0.999 and not 1.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.index.contract import Allowed, Floats, Hits, Ids, Store, keep_best, products
from matching.retrieval.index.overlay import OverlaidIndex
from matching.retrieval.threads import rest_while_waiting
from matching.retrieval.types import Vectors

GATHER_BELOW = 0.02
SCAN_ALL_FROM = 0.35
"""Share of allowed rows from which looking at a bitmap costs more than comparing every row."""
FETCH_MORE = 44
LANES = 16
"""FAISS scans ten times slower when the width is not a multiple of what a processor takes at once."""
CHUNK_ROWS = 65_536
ROWS_A_THREAD = 50_000
"""Below, a thread costs more than it saves."""
FP16_ERROR = 2.0**-10
"""Bound on the error of an inner product, of vectors whose lengths multiply to less than 2, after fp16."""


class FaissIndex(OverlaidIndex):
    """In the memory of this process; `gather_below`: share of allowed rows under which they are gathered."""

    def __init__(
        self,
        dimension: int,
        *,
        compressed: bool = False,
        folder: Path | None = None,
        gather_below: float = GATHER_BELOW,
    ) -> None:
        super().__init__(dimension)
        self._compressed, self._folder, self._gather_below = compressed, folder, gather_below

    def memory_bytes(self) -> int:
        """Bytes held in memory for vectors (not the memory-mapped rows)."""
        base = self._base.memory_bytes() if isinstance(self._base, _Scan) else 0
        return base + self._recent.rows.nbytes

    def _store(self, ids: Ids, rows: Vectors, origin: str) -> Store:
        kept: Vectors | None = rows
        if self._compressed:
            kept = _on_disk(rows, self._folder) if self._folder else None
        return _Scan(ids, rows.shape[1], kept, _encode(rows), self._gather_below)


class _Scan:
    """Rows that never change: fp16 `codes`, and the float32 rows where they are kept."""

    def __init__(self, ids: Ids, width: int, rows: Vectors | None, codes: Any, gather_below: float) -> None:
        self._ids, self._width, self._rows, self._codes = ids, width, rows, codes
        self._gather_below, self._halves = gather_below, _halves(codes)

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._ids

    @property
    def rows(self) -> Vectors:
        """The vectors, in the order of `ids`: a copy."""
        return self._at(np.arange(len(self._ids)))

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows, by the cheaper path at this selectivity."""
        count = len(self._ids) if allowed is None else int(np.count_nonzero(allowed))
        if not count or k <= 0:
            return keep_best(np.empty(0, np.int64), np.empty(0, np.float32), k)
        if allowed is not None and count <= self._gather_below * len(allowed):
            chosen = np.flatnonzero(allowed)
            return keep_best(self._ids[chosen], np.vecdot(self._at(chosen), query), k)
        if allowed is not None and SCAN_ALL_FROM * len(allowed) <= count < len(allowed):
            found = self._among_nearest(query, k, allowed, count)
            if found is not None:
                return found
        fetch = min(count, k + FETCH_MORE)
        while True:
            places, rough = _nearest(self._codes, query, fetch, None if count == len(self._ids) else allowed)
            hits = keep_best(self._ids[places], np.vecdot(self._at(places), query), k)
            proven = fetch >= count or rough[-1] + FP16_ERROR < hits.similarities[-1]
            if proven or self._rows is None:
                return hits
            fetch = min(count, 2 * fetch)

    def _among_nearest(self, query: Vectors, k: int, allowed: Allowed, count: int) -> Hits | None:
        """The k nearest allowed rows, looked for among the nearest of all; None unless that is proven, or as
        sure as codes alone can be."""
        fetch = min(len(allowed), -(-2 * (k + FETCH_MORE) * len(allowed) // count))
        places, rough = _nearest(self._codes, query, fetch, None)
        places = places[allowed[places]]
        if len(places) < min(k, count):
            return None
        hits = keep_best(self._ids[places], np.vecdot(self._at(places), query), k)
        proven = fetch == len(allowed) or rough[-1] + FP16_ERROR < hits.similarities[-1]
        return hits if proven or self._rows is None else None

    def similarities(self, query: Vectors, places: Ids) -> Floats:
        """Those of the rows at these places."""
        return products(self._at(places), query)

    def memory_bytes(self) -> int:
        """Bytes held in memory for vectors."""
        codes = int(self._codes.ntotal * self._codes.code_size)
        return codes if self._rows is None or isinstance(self._rows, np.memmap) else codes + self._rows.nbytes

    def _at(self, places: Ids) -> Vectors:
        if self._rows is not None:
            return np.asarray(self._rows[places], np.float32)
        return self._halves[places, : self._width].astype(np.float32)


def _encode(rows: Vectors) -> Any:
    rest_while_waiting()
    import faiss

    kind = faiss.ScalarQuantizer.QT_fp16
    width = -(-rows.shape[1] // LANES) * LANES
    codes = faiss.IndexScalarQuantizer(width, kind, faiss.METRIC_INNER_PRODUCT)
    codes.train(_padded(rows[:1], width))
    for start in range(0, len(rows), CHUNK_ROWS):
        codes.add(_padded(rows[start : start + CHUNK_ROWS], width))
    return codes


def _halves(codes: Any) -> NDArray[np.float16]:
    """The codes where they lie, [n, width]: to decode a few rows FAISS would start threads."""
    import faiss

    raw = faiss.rev_swig_ptr(codes.codes.data(), codes.ntotal * codes.code_size)
    return np.asarray(raw).view(np.float16).reshape(codes.ntotal, -1)


def _padded(rows: Vectors, width: int) -> Vectors:
    """The rows with zeros after them, which change no product."""
    return np.ascontiguousarray(np.pad(rows, ((0, 0), (0, width - rows.shape[1]))))


def _nearest(codes: Any, query: Vectors, fetch: int, allowed: Allowed | None) -> tuple[Ids, Vectors]:
    """The rows nearest by their codes. FAISS gives a query one thread: a large set is cut among several."""
    import faiss

    question = _padded(query[None], codes.d)
    parts = min(faiss.omp_get_max_threads(), codes.ntotal // ROWS_A_THREAD)
    if parts < 2:
        return _scan(codes, question, fetch, None if allowed is None else _among(allowed))
    edges = np.linspace(0, codes.ntotal, parts + 1).astype(np.int64).tolist()
    selectors = [_within(start, end, allowed) for start, end in pairwise(edges)]
    found = list(_pool(os.getpid(), parts).map(lambda s: _scan(codes, question, fetch, s), selectors))
    places = np.concatenate([part[0] for part in found])
    similarities = np.concatenate([part[1] for part in found])
    order = np.lexsort((places, -similarities))[:fetch]
    return places[order], similarities[order]


def _scan(codes: Any, question: Vectors, fetch: int, selector: Any) -> tuple[Ids, Vectors]:
    import faiss

    # faiss wraps this in Python at import, which its own stubs do not know
    parameters = selector and faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # faiss: what SWIG takes
    similarities, places = codes.search(question, fetch, params=parameters)
    found = places[0] >= 0
    return places[0][found], similarities[0][found]


def _within(start: int, end: int, allowed: Allowed | None) -> Any:
    """The rows from `start` to `end`, among those allowed."""
    import faiss

    if allowed is None:
        return faiss.IDSelectorRange(start, end)
    part = np.zeros_like(allowed)
    part[start:end] = allowed[start:end]
    return _among(part)


def _among(allowed: Allowed) -> Any:
    import faiss

    bitmap = np.packbits(allowed, bitorder="little")
    return faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type]  # faiss: what SWIG takes


@lru_cache(maxsize=1)
def _pool(process: int, threads: int) -> ThreadPoolExecutor:
    """The threads of this process: those of the one it was forked from do not follow it."""
    return ThreadPoolExecutor(threads, thread_name_prefix=f"scan-{process}")


def _on_disk(rows: Vectors, folder: Path) -> Vectors:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".npy", delete=False) as file:
        np.save(file, rows)
    mapped: Vectors = np.load(file.name, mmap_mode="r")
    Path(file.name).unlink()  # the mapping keeps it; nothing is left behind, even by a crash
    return mapped
