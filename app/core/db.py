"""Database base: one declarative base, naming convention, portable types, and commit at the edge."""

import enum
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session

from app.core.errors import NotFound

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC moment. SQLite drops the zone, so it is put back on the way out; naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("naive datetime: use app.core.clock.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PackedJson(sa.types.TypeDecorator[Any]):
    """A JSON value as compressed bytes, for records that are kept and read whole:
    nothing searches them, and match runs are several times smaller."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return zlib.compress(written.encode(), 6)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))


def stored_enum(kind: type[enum.Enum]) -> sa.Enum:
    """Column type that stores the enum by value in a VARCHAR with a CHECK, on both databases."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: sa.JSON(), list[Any]: sa.JSON()}  # noqa: RUF012 - SQLAlchemy reads a plain attribute


log = structlog.get_logger()
db = SQLAlchemy()
_writing: ContextVar[bool] = ContextVar("writing", default=False)
AfterCommit = Callable[[], object]
BeforeCommit = Callable[[list[int]], None]


def on_commit(action: AfterCommit) -> None:
    """Run `action` once the current transaction has committed; forgotten if it rolls back. One that fails is
    logged and no more: the change it follows is a success."""
    db.session.info.setdefault("after_commit", []).append(action)


def before_commit(topic: str, item: int, action: BeforeCommit) -> None:
    """Call `action` once, just before the commit, with every `item` noted under `topic`."""
    noted: dict[str, tuple[BeforeCommit, dict[int, None]]] = db.session.info.setdefault("before_commit", {})
    noted.setdefault(topic, (action, {}))[1][item] = None


def after_refusal(action: AfterCommit) -> None:
    """Run `action` in a transaction of its own once the current one has been rolled back, or within it when
    it is committed all the same: what is refused leaves a trace."""
    db.session.info.setdefault("after_refusal", []).append(action)


def commit() -> None:
    """Commit at the edge (request, command, job), between what prepares it and what waited for it."""
    session = db.session
    for action, items in session.info.pop("before_commit", {}).values():
        action(list(items))
    for note in session.info.pop("after_refusal", []):
        note()
    session.commit()
    for action in session.info.pop("after_commit", []):
        try:
            action()
        except Exception:
            log.exception("an action after the commit failed")


def rollback() -> None:
    db.session.rollback()
    db.session.info.pop("before_commit", None)
    db.session.info.pop("after_commit", None)
    notes = db.session.info.pop("after_refusal", [])
    if notes:
        with unit_of_work():
            for note in notes:
                note()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun within will write: SQLite takes its write lock at once, because a transaction that
    reads first and writes later fails at once (no waiting) if another has written in between."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[Session]:
    """What is read and computed here holds no lock, whatever the request around does; all that waited to be
    written is undone first."""
    rollback()
    token = _writing.set(False)
    try:
        yield db.session
    finally:
        _writing.reset(token)
        rollback()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One writing transaction for a command or a job: commits at the end, rolls back on any error."""
    rollback()
    with writing():
        try:
            yield db.session
        except BaseException:
            rollback()
            raise
        commit()


def hold(row: object) -> None:
    """Keep a row until the commit and read it again: of two who change it at the same instant, the second
    sees what the first has done. Raises NotFound where the first has removed it. Called before any change."""
    mapper, identity = sa.inspect(type(row)), sa.inspect(row).identity
    # The row alone: PostgreSQL refuses to lock what is outer-joined to it.
    query = sa.select(*mapper.primary_key).where(
        *(column == value for column, value in zip(mapper.primary_key, identity or (), strict=True))
    )
    if db.session.execute(query.with_for_update()).first() is None:
        raise NotFound
    db.session.refresh(row)


def take_turns(name: str) -> None:
    """Of those who say the same name, one at a time until the commit: for what has no row yet. On SQLite
    who writes is alone already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(name))))


def flush_for_id() -> None:
    """Flush because the caller needs a primary key, or wants a constraint to speak now."""
    db.session.flush()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # SQLAlchemy's explicit BEGIN below makes savepoints behave
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
