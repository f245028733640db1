"""Whether work can be asked for now: the table of jobs takes a write without making anybody wait long."""

import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.core.db import db

PATIENCE_MS = 1000


def can_write_jobs() -> bool:
    """False when the lock does not come within a second; nothing is written."""
    with db.engine.connect() as connection:
        try:
            if connection.dialect.name == "sqlite":
                return _on_sqlite(connection.connection.driver_connection)
            connection.execute(sa.text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
            connection.execute(sa.text("LOCK TABLE job IN ROW EXCLUSIVE MODE"))
        except OperationalError:
            return False
        finally:
            connection.rollback()
    return True


def _on_sqlite(file: Any) -> bool:
    """Beside SQLAlchemy, whose own wait is longer."""
    [usual] = file.execute("PRAGMA busy_timeout").fetchone()
    file.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
    try:
        file.execute("BEGIN IMMEDIATE")
        file.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        file.execute(f"PRAGMA busy_timeout={usual}")
    return True
