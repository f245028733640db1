"""Vectors in PostgreSQL with pgvector: one set of rows for several processes, the filter pushed into SQL.

A set is a table named after what its rows were computed from. It is written in one transaction and never
changes: a crash leaves nothing half built, processes that read the same offers share it, and whoever builds
the next drops those that no process holds a lock on. It is a cache: dropped, it is built again.

Exact: a scan over the allowed rows, ordered by inner product. Statements are never prepared
(`prepare_threshold=None`): a prepared plan forgets how selective the filter is. With `graph=True` HNSW
(Malkov and Yashunin 2018) answers the searches that nothing filters, approximately; others stay exact.
"""

from __future__ import annotations

import struct

import numpy as np

from matching.errors import IndexUnavailable
from matching.retrieval.index.contract import Allowed, Floats, Hits, Ids, Store, keep_best, products
from matching.retrieval.index.overlay import OverlaidIndex
from matching.retrieval.index.postgres import Postgres
from matching.retrieval.types import Vectors

EXTENSION = "CREATE EXTENSION IF NOT EXISTS vector"
SAMPLE = 8
FETCH_MORE = 8
CREATE = "CREATE TABLE {table} (id bigint PRIMARY KEY, v vector({width}) NOT NULL)"
CREATE_GRAPH = "CREATE INDEX ON {table} USING hnsw (v vector_ip_ops)"
ANALYZE = "ANALYZE {table}"
COPY = "COPY {table} (id, v) FROM STDIN WITH (FORMAT BINARY)"
# Numbers are cast to the type of `id`: small ones travel as int2 or int4, and PostgreSQL hashes a list of its
# column's type only (100,000 rows, 40 % excluded: 99 ms with the cast, 11 s without).
VECTORS = "SELECT vector_send(v) FROM {table} WHERE id = ANY(%s::bigint[]) ORDER BY id"
EXACT = "SELECT id, -(v <#> %s::vector) AS near FROM {table} ORDER BY near DESC, id LIMIT %s"
AMONG = """SELECT id, -(v <#> %s::vector) AS near FROM {table} WHERE id = ANY(%s::bigint[])
           ORDER BY near DESC, id LIMIT %s"""
BUT = """SELECT id, -(v <#> %s::vector) AS near FROM {table} WHERE id <> ALL(%s::bigint[])
         ORDER BY near DESC, id LIMIT %s"""
APPROXIMATE = "SELECT id, -(v <#> %s::vector) FROM {table} ORDER BY v <#> %s::vector LIMIT %s"


class PgVectorIndex(OverlaidIndex):
    """Raises IndexUnavailable when the server or the extension cannot be had; one connection per thread."""

    def __init__(
        self, conninfo: str, dimension: int, *, prefix: str = "matching_vector", graph: bool = False
    ) -> None:
        super().__init__(dimension)
        self._prefix, self._graph = prefix, graph
        self._server = Postgres(conninfo)
        with self._server.transaction():  # two processes that create it at once collide, one at a time do not
            self._server.run("SELECT pg_advisory_xact_lock(hashtext(%s))", [EXTENSION])
            self._server.run(EXTENSION)

    @property
    def graph(self) -> bool:
        """Whether searches that nothing filters are approximate."""
        return self._graph

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        self._server.close()

    def _store(self, ids: Ids, rows: Vectors, origin: str) -> Store:
        name = f"{self._prefix}_{origin[:24] or 'rows'}_{rows.shape[1]}"
        lock = self._server.hold(name)
        stored = _Set(self._server, name, ids, self._graph, lock)
        with self._server.transaction():
            self._server.run("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"write {name}"])
            if not stored.holds(rows):
                self._write(name, ids, rows)
        self._server.drop_unheld(f"{self._prefix}_", name)
        return stored

    def _write(self, name: str, ids: Ids, rows: Vectors) -> None:
        header = struct.pack(">HH", rows.shape[1], 0)
        with self._server.transaction() as connection:
            self._server.run("DROP TABLE IF EXISTS {table}", table=name)
            self._server.run(CREATE, table=name, width=rows.shape[1])
            statement = self._server.composed(COPY, table=name)
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                copy.set_types(["int8", "bytea"])
                for number, row in zip(ids.tolist(), rows.astype(">f4"), strict=True):
                    copy.write_row((number, header + row.tobytes()))
            if self._graph:
                self._server.run("SET LOCAL maintenance_work_mem = '512MB'")
                self._server.run(CREATE_GRAPH, table=name)
            self._server.run(ANALYZE, table=name)


class _Set:
    """One table; `lock` keeps it from being dropped for as long as this object lives."""

    def __init__(self, server: Postgres, name: str, ids: Ids, graph: bool, lock: object) -> None:
        self._server, self._name, self._ids, self._graph, self._lock = server, name, ids, graph, lock

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending."""
        return self._ids

    @property
    def rows(self) -> Vectors:
        """The vectors, in the order of `ids`: a copy."""
        return self._at(np.arange(len(self._ids)))

    def holds(self, rows: Vectors) -> bool:
        """Whether the table is there with these rows: as many, and the same at a few places."""
        if not self._server.run("SELECT to_regclass(%s)", [self._name])[0][0]:
            return False
        if self._server.run("SELECT count(*) FROM {table}", table=self._name)[0][0] != len(rows):
            return False
        places = np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64)
        try:
            return bool(np.allclose(self._at(places), rows[places], atol=1e-4))
        except IndexUnavailable:
            return False

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows; the allowed numbers, or the others when fewer, travel as one array."""
        count = len(self._ids) if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or not count:
            return keep_best(np.empty(0, np.int64), np.empty(0, np.float32), k)
        vector, limit = "[" + ",".join(map(repr, query.tolist())) + "]", k + FETCH_MORE
        if allowed is not None and count < len(self._ids):
            kept = 2 * count <= len(self._ids)
            numbers = self._ids[allowed if kept else ~allowed].tolist()
            statement, values = (AMONG if kept else BUT), [vector, numbers, limit]
        elif self._graph:
            statement, values = APPROXIMATE, [vector, vector, limit]
        else:
            statement, values = EXACT, [vector, limit]
        found = self._server.run(statement, values, table=self._name)
        ids = np.array([row[0] for row in found], np.int64)
        return keep_best(ids, np.array([row[1] for row in found], np.float32), k)

    def similarities(self, query: Vectors, places: Ids) -> Floats:
        """Those of the rows at these places, compared here: PostgreSQL sums in single precision."""
        if not len(places):
            return np.empty(0, np.float64)
        wanted, back = np.unique(places, return_inverse=True)
        return products(self._at(wanted), query)[back]

    def _at(self, places: Ids) -> Vectors:
        """The rows at these ascending places; raises IndexUnavailable when some have been dropped."""
        found = self._server.run(VECTORS, [self._ids[places].tolist()], table=self._name, binary=True)
        if len(found) != len(places):
            raise IndexUnavailable(f"{self._name} lacks {len(places) - len(found)} rows")
        packed = b"".join(row[0][4:] for row in found)
        return np.frombuffer(packed, ">f4").astype(np.float32).reshape(len(places), -1)
