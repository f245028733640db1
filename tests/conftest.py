"""Fixtures of the whole suite: an app on a fresh database, people of each role, a fixed clock, no network."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from app.core import clock, jobs, migrations
from app.core.config import Settings
from app.core.db import db
from app.wiring import create_app
from tests.clients import IsolatedClient
from tests.emptying import empty
from tests.fakes import HashingEncoder

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def settings_for(folder: Path, database_url: str) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        data_dir=folder,
        database_url=database_url,
        redis_url="",
        secret_key="test-only",  # type: ignore[arg-type]  # pydantic turns it into a SecretStr
        smtp_host="",
    )


@pytest.fixture(autouse=True)
def disk_with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process remembers for a minute that it met a full disk: not from one test to another."""
    monkeypatch.setattr("app.core.db_faults._last_full", [])


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str | None]:
    """A new database on the server of TEST_POSTGRES_SERVER when TEST_ON_POSTGRES is set; None for SQLite."""
    if not os.environ.get("TEST_ON_POSTGRES"):
        yield None
        return
    server = os.environ["TEST_POSTGRES_SERVER"]
    name = f"traitdunion_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory: pytest.TempPathFactory, postgres_url: str | None) -> Path | None:
    """A migrated SQLite file to copy for each test (or PostgreSQL migrated once, emptied after each test)."""
    if postgres_url:
        migrations.upgrade(settings_for(Path("unused"), postgres_url).sqlalchemy_url)
        return None
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_template: Path | None, postgres_url: str | None) -> Settings:
    if migrated_template is None:
        return settings_for(tmp_path, postgres_url or "")
    shutil.copy(migrated_template, tmp_path / "test.db")
    return settings_for(tmp_path, f"sqlite:///{tmp_path / 'test.db'}")


@contextmanager
def portal_of(settings: Settings) -> Iterator[Flask]:
    """A portal with a fast fake encoder, in its context; on leaving, nothing stays in a server nor open."""
    application = create_app(settings, encoder=HashingEncoder())
    with application.app_context():
        yield application
        db.session.rollback()
        if settings.sqlalchemy_url.startswith("postgresql"):
            empty(db.engine)
        db.session.close()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The portal of a test; committed jobs wait until `run_jobs` is called."""
    with portal_of(settings) as application:
        application.config.update(
            TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, MAIL_BACKEND="locmem"
        )
        application.extensions["mailman"].backend = "locmem"
        application.test_client_class = IsolatedClient
        yield application


@pytest.fixture
def client(app: Flask) -> IsolatedClient:
    return cast(IsolatedClient, app.test_client())


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[datetime]:
    with clock.fixed_at(NOW):
        yield NOW


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]  # any address a socket takes

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Do every job whose time has come, as a worker would; answers how many were done."""

    def run() -> int:
        db.session.commit()
        done = 0
        while waiting := jobs.due_jobs(limit=1):
            jobs.run(waiting[0])
            done += 1
        while any(step() for lane in jobs.Lane for step in jobs.steps_of(lane)):
            done += 1
        return done

    return run
