"""Each fault, made for real: what is gone, and how it comes back."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core.clock import now
from app.core.db import db
from app.core.jobs import WorkerBeat
from app.matchmaking.engine import engine
from app.matchmaking.models import Embedding
from app.outbox.models import Mail
from matching.errors import EncoderUnavailable
from tests.smtp import free_port

WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def nothing(_app: Flask) -> Iterator[None]:
    yield


@contextmanager
def busy_queue(_app: Flask) -> Iterator[None]:
    """Somebody else holds the lock under which jobs are written."""
    holder = sa.create_engine(db.engine.url)
    with holder.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("LOCK TABLE job IN EXCLUSIVE MODE")
        yield
        connection.rollback()
    holder.dispose()


@contextmanager
def no_encoder(_app: Flask) -> Iterator[None]:
    """The model is not there, as a process that starts finds out."""
    encoding = engine().encoding
    encoder, load = encoding._encoder, encoding._load

    def missing() -> Any:
        raise EncoderUnavailable("no such folder")

    encoding._encoder, encoding._load, engine()._matcher = None, missing, None
    yield
    encoding._encoder, encoding._load, encoding._retry_at, encoding.trouble = encoder, load, 0.0, ""


@contextmanager
def broken_encoder(_app: Flask) -> Iterator[None]:
    """The model is loaded, and fails at each text."""
    encoder: Any = engine().encoder
    engine().matcher()

    def breaks(_texts: Any) -> Any:
        raise RuntimeError("out of memory")

    with patch.object(encoder, "encode_queries", breaks), patch.object(encoder, "encode_documents", breaks):
        yield


@contextmanager
def damaged_vectors(_app: Flask) -> Iterator[None]:
    """Every vector is cut short."""
    db.session.execute(sa.update(Embedding).values(vector=sa.func.substr(Embedding.vector, 1, 60)))
    db.session.commit()
    engine()._matcher = None
    yield


@contextmanager
def no_worker(_app: Flask) -> Iterator[None]:
    db.session.execute(sa.delete(WorkerBeat))
    db.session.commit()
    yield
    db.session.add(WorkerBeat(name="ouvrier"))
    db.session.commit()


@contextmanager
def no_relay(app: Flask) -> Iterator[None]:
    """Nobody listens where mails are handed over; one has been refused already."""
    mailman = app.extensions["mailman"]
    usual = mailman.backend, mailman.server, mailman.port
    mailman.backend, mailman.server, mailman.port = "smtp", "127.0.0.1", free_port()
    kept = Mail(message_id="<refusé@t>", recipient="a@exemple.fr", subject="Refusé", attempts=1, due_at=now())
    db.session.add(kept)
    db.session.commit()
    yield
    mailman.backend, mailman.server, mailman.port = usual


@contextmanager
def full_disk(_app: Flask) -> Iterator[None]:
    """Nothing more can be written, as the database says it."""

    def refuse(_cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
        if statement.lstrip().startswith(WRITES):
            if db.engine.dialect.name == "sqlite":
                raise sqlite3.OperationalError("database or disk is full")
            raise psycopg.errors.DiskFull("could not extend file")

    event.listen(Engine, "do_execute", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "do_execute", refuse)


FAULTS: Mapping[str, Callable[[Flask], AbstractContextManager[None]]] = {
    "none": nothing,
    "queue": busy_queue,
    "redis": nothing,  # its address, given when the portal starts, answers nobody
    "encoder": no_encoder,
    "broken": broken_encoder,
    "vectors": damaged_vectors,
    "worker": no_worker,
    "mail": no_relay,
    "disk": full_disk,
}
