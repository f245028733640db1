"""Vectors in PostgreSQL with pgvector: one index for several machines, the filter pushed into SQL.

Exact: a scan over the allowed rows, ordered by inner product. Statements are never prepared
(`prepare_threshold=None`): a prepared plan forgets how selective the filter is. With `graph=True` HNSW
(Malkov and Yashunin 2018) answers the searches that nothing filters, approximately; others stay exact.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.errors import IndexUnavailable
from matching.index.contract import Allowed, Hits, Ids, checked_query, checked_rows, keep_best
from matching.types import Vectors

if TYPE_CHECKING:
    import psycopg

FETCH_MORE = 8
CREATE = "CREATE TABLE IF NOT EXISTS {table} (id bigint PRIMARY KEY, v vector({width}) NOT NULL)"
CREATE_GRAPH = "CREATE INDEX IF NOT EXISTS {graph} ON {table} USING hnsw (v vector_ip_ops)"
MERGE = """INSERT INTO {table} (id, v) SELECT id, v::vector FROM incoming
           ON CONFLICT (id) DO UPDATE SET v = excluded.v"""
EXACT = "SELECT id, -(v <#> %s::vector) AS near FROM {table} ORDER BY near DESC, id LIMIT %s"
FILTERED = """SELECT id, -(v <#> %s::vector) AS near FROM {table} WHERE id = ANY(%s)
              ORDER BY near DESC, id LIMIT %s"""
APPROXIMATE = "SELECT id, -(v <#> %s::vector) FROM {table} ORDER BY v <#> %s::vector LIMIT %s"


class PgVectorIndex:
    """One table: number, vector. Raises IndexUnavailable when the server or the extension cannot be had."""

    def __init__(
        self, conninfo: str, dimension: int, *, table: str = "matching_vector", graph: bool = False
    ) -> None:
        self._conninfo, self._dimension, self._table, self.graph = conninfo, dimension, table, graph
        self._local = threading.local()
        with self._connected() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            self._run(connection, CREATE)
            if graph:
                self._run(connection, CREATE_GRAPH)
        self._ids = self.ids

    @property
    def ids(self) -> Ids:
        """Numbers of the rows, ascending, as the table holds them now."""
        with self._connected() as connection:
            rows = self._run(connection, "SELECT id FROM {table} ORDER BY id").fetchall()
        self._ids = np.array([row[0] for row in rows], np.int64)
        return self._ids

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Insert or replace rows, in one transaction."""
        numbers, rows = checked_rows(ids, vectors, self._dimension)
        with self._connected() as connection:
            connection.execute("CREATE TEMP TABLE incoming (id bigint, v text) ON COMMIT DROP")
            with connection.cursor() as cursor, cursor.copy("COPY incoming (id, v) FROM STDIN") as copy:
                for number, row in zip(numbers.tolist(), rows, strict=True):
                    copy.write_row((number, _literal(row)))
            self._run(connection, MERGE)
        self._ids = np.union1d(self._ids, numbers)

    def remove(self, ids: Ids) -> None:
        """Delete rows."""
        with self._connected() as connection:
            self._run(connection, "DELETE FROM {table} WHERE id = ANY(%s)", [_listed(ids)])
        self._ids = np.setdiff1d(self._ids, ids)

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> Hits:
        """The k nearest allowed rows; the allowed numbers travel as one array parameter."""
        vector = _literal(checked_query(query, self._dimension))
        if k <= 0:
            return keep_best(np.empty(0, np.int64), np.empty(0, np.float32), k)
        limit = k + FETCH_MORE
        if allowed is not None:
            known = self._ids if len(self._ids) == len(allowed) else self.ids
            statement, values = FILTERED, [vector, _listed(known[allowed]), limit]
        elif self.graph:
            statement, values = APPROXIMATE, [vector, vector, limit]
        else:
            statement, values = EXACT, [vector, limit]
        with self._connected() as connection:
            rows = self._run(connection, statement, values).fetchall()
        ids = np.array([row[0] for row in rows], np.int64)
        return keep_best(ids, np.array([row[1] for row in rows], np.float32), k)

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """This thread's connection in a transaction; after a failure the next call opens another."""
        import psycopg

        try:
            connection = getattr(self._local, "connection", None)
            if connection is None or connection.closed:
                connection = psycopg.connect(self._conninfo, prepare_threshold=None, autocommit=True)
                self._local.connection = connection
            with connection.transaction():
                yield connection
        except psycopg.Error as error:
            self.close()
            raise IndexUnavailable(str(error).strip()) from error

    def _run(
        self, connection: psycopg.Connection[tuple[Any, ...]], statement: str, values: Sequence[object] = ()
    ) -> psycopg.Cursor[tuple[Any, ...]]:
        from psycopg import sql

        composed = sql.SQL(statement).format(
            table=sql.Identifier(self._table),
            graph=sql.Identifier(f"{self._table}_graph"),
            width=sql.Literal(self._dimension),
        )
        return connection.execute(composed, values or None)


def _literal(vector: Vectors) -> str:
    return "[" + ",".join(repr(float(value)) for value in vector) + "]"


def _listed(ids: Ids) -> list[int]:
    return [int(number) for number in ids]
