"""A PostgreSQL server as an index uses it: one connection per thread, tables held by advisory locks."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from matching.errors import IndexUnavailable

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

NAMED_LIKE = (
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, %s)"
)


class Held:
    """A connection, closed when this object is forgotten: with its thread, or with what its locks protect."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.connection = connection
        self._closing = weakref.finalize(self, connection.close)


class Postgres:
    """Every refusal of the server is an IndexUnavailable, after which the next call connects again."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """This thread's connection in a transaction; nested, a part of the one around."""
        import psycopg

        try:
            held = getattr(self._local, "held", None)
            if held is None or held.connection.closed:
                held = self._local.held = Held(self._connect())
            connection = held.connection
            with connection.transaction():
                yield connection
        except psycopg.Error as error:
            self.close()
            raise IndexUnavailable(str(error).strip()) from error

    def run(
        self,
        statement: str,
        values: Sequence[object] = (),
        *,
        table: str = "",
        width: int = 0,
        binary: bool = False,
    ) -> list[tuple[Any, ...]]:
        """The rows a statement answers, none for a command."""
        with self.transaction() as connection:
            composed = self.composed(statement, table=table, width=width)
            cursor = connection.execute(composed, values or None, binary=binary)
            return cursor.fetchall() if cursor.description else []

    def composed(self, statement: str, *, table: str = "", width: int = 0) -> Composed:
        """The statement with its names quoted."""
        from psycopg import sql

        return sql.SQL(statement).format(table=sql.Identifier(table or "-"), width=sql.Literal(width))

    def hold(self, name: str) -> Held:
        """Keep `drop_unheld` of any process from dropping this table, present or to come."""
        import psycopg

        try:
            connection = self._connect()
            connection.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [name])
        except psycopg.Error as error:
            raise IndexUnavailable(str(error).strip()) from error
        return Held(connection)

    def drop_unheld(self, prefix: str, kept: str) -> None:
        """Drop the tables of this prefix that no process holds."""
        for (name,) in self.run(NAMED_LIKE, [prefix]):
            if name == kept:
                continue
            with self.transaction():
                free = self.run("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [name])[0][0]
                if free:
                    self.run("DROP TABLE IF EXISTS {table}", table=name)

    def close(self) -> None:
        """Close this thread's connection."""
        held = getattr(self._local, "held", None)
        if held is not None:
            held.connection.close()
            self._local.held = None

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        import psycopg

        return psycopg.connect(self._conninfo, prepare_threshold=None, autocommit=True)
