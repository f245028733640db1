"""Parts of a transaction that can be taken back without losing the rest."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.db import db


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
    waiting = db.session.info.setdefault("after_commit", [])
    before = len(waiting)
    attempt = db.session.begin_nested()
    try:
        yield
    finally:
        attempt.rollback()
        del waiting[before:]
