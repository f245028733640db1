"""Parts of a transaction that can be taken back without losing the rest."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.core.db import db, rollback


@contextmanager
def savepoint() -> Iterator[None]:
    """On any error, undo what the block changed and what it asked to do after the commit."""
    waiting = db.session.info.setdefault("after_commit", [])
    before = len(waiting)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        del waiting[before:]
        raise


@contextmanager
def trial() -> Iterator[None]:
    """Do everything in the block, constraints included, then undo it."""
    info = db.session.info
    waiting = info.setdefault("after_commit", [])
    before, noted = (
        len(waiting),
        {topic: (act, dict(items)) for topic, (act, items) in info.get("before_commit", {}).items()},
    )
    attempt = db.session.begin_nested()
    try:
        yield
    finally:
        attempt.rollback()
        del waiting[before:]
        info["before_commit"] = noted


@contextmanager
def scratch() -> Iterator[None]:
    """Whatever the block does is forgotten, and disturbs nobody meanwhile. On SQLite it works on a copy of
    the file, for a trial would hold the only lock as long as it lasts; PostgreSQL needs no copy."""
    rollback()
    if db.engine.dialect.name != "sqlite":
        try:
            yield
        finally:
            rollback()
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session, engine = db.session, _copy(Path(folder) / "scratch.db")
        session.close()
        session.bind = engine
        try:
            yield
        finally:
            rollback()
            session.close()
            session.bind = db.engine
            engine.dispose()


def _copy(path: Path) -> sa.Engine:
    with closing(sqlite3.connect(path)) as target, db.engine.connect() as connection:
        source: Any = connection.connection.driver_connection
        source.backup(target)
    return sa.create_engine(f"sqlite:///{path}")
