"""Emptying a PostgreSQL database between two tests, in milliseconds."""

from functools import cache

import sqlalchemy as sa

from app.core.db import Base

_RESTARTED = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""


def empty(engine: sa.Engine) -> None:
    """No row in any table, every number from 1 on again.

    TRUNCATE rewrites the files of all tables, filled or not: 0.3 s. Deleting from the filled ones takes a
    few milliseconds, but asks a superuser to set the triggers aside (foreign keys, rows never deleted)."""
    with engine.begin() as connection:
        if not connection.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
            connection.execute(sa.text(f"TRUNCATE {', '.join(_tables())} RESTART IDENTITY CASCADE"))
            return
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in connection.scalars(sa.text(_filled())).all():
            connection.execute(sa.text(f"DELETE FROM {table}"))
        connection.execute(sa.text(_RESTARTED))


def _tables() -> list[str]:
    return [f'"{table.name}"' for table in Base.metadata.sorted_tables]


@cache
def _filled() -> str:
    """The query that names the tables in which there is a row."""
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables())
