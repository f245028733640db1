"""Migrations say the same as the models, keep every row of a filled database, and refuse to lose one."""

import shutil
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import current_app
from psycopg import sql

from app import all_models
from app.commands.catalogue import seed_and_match
from app.core import clock, migrations
from app.core.config import Settings
from app.core.db import Base, db
from app.core.migration_guard import MigrationRefused
from app.wiring import create_app
from tests.conftest import NOW, settings_for
from tests.dumps import rows_of
from tests.fakes import HashingEncoder

HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "0001"
"""
REBUILDS = (
    HEAD
    + """
TABLES = ("event", "offer", "organisation")

def upgrade():
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("trial", sa.Integer(), server_default="1", nullable=False))
            table.create_check_constraint("trial", "trial > 0")
            table.alter_column("id", existing_type=sa.Integer(), existing_nullable=False)

def downgrade():
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint("trial", type_="check")
            table.drop_column("trial")
"""
)
LOSES = (
    HEAD
    + """
loses_on_upgrade = {announced}

def upgrade():
    op.create_table("left_behind", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM audit_entry WHERE id % 2 = 0")

def downgrade():
    op.drop_table("left_behind")
"""
)
ORPHANS = (
    HEAD
    + """
def upgrade():
    op.execute("UPDATE slot SET event_id = 987654 WHERE id = (SELECT min(id) FROM slot)")
"""
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, postgres_url: str | None) -> Iterator[Settings]:
    """A database of its own with the whole demonstration, to copy for each test."""
    folder = tmp_path_factory.mktemp("filled")
    if postgres_url is None:
        settings = settings_for(folder, f"sqlite:///{folder / 'filled.db'}")
        fill(settings)
        yield settings
        return
    with database_beside(postgres_url, "filled") as url:
        settings = settings_for(folder, url)
        fill(settings)
        yield settings


@pytest.fixture
def seeded(filled: Settings, tmp_path: Path, postgres_url: str | None) -> Iterator[Settings]:
    """A copy of it."""
    if postgres_url is None:
        path = shutil.copy(filled.data_dir / "filled.db", tmp_path / "seeded.db")
        yield settings_for(tmp_path, f"sqlite:///{path}")
        return
    with database_beside(postgres_url, "copy", template="filled") as url:
        yield settings_for(tmp_path, url)


@contextmanager
def database_beside(url: str, suffix: str, *, template: str = "") -> Iterator[str]:
    """A database on the same server, empty or a copy, dropped at the end; its address."""
    name, origin = (f"{url.rpartition('/')[2]}_{end}" for end in (suffix, template))
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(origin))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(create)
        yield f"{url.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def fill(settings: Settings) -> None:
    migrations.upgrade(settings.sqlalchemy_url)
    with clock.fixed_at(NOW), create_app(settings, encoder=HashingEncoder()).app_context():
        seed_and_match(current_app)
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def engine(seeded: Settings) -> Iterator[sa.Engine]:
    engine = sa.create_engine(seeded.sqlalchemy_url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def folder_with(tmp_path: Path, text: str, **values: Any) -> Path:
    folder = tmp_path / "throw-away"
    folder.mkdir()
    source = textwrap.dedent(text).replace("{revision}", "trial")
    for name, value in values.items():
        source = source.replace(f"{{{name}}}", repr(value))
    (folder / "trial.py").write_text(source, encoding="utf-8")
    return folder


def test_up_down_up(tmp_path: Path, postgres_url: str | None, settings: Settings) -> None:
    url = settings.sqlalchemy_url if postgres_url else settings_for(tmp_path / "new", "").sqlalchemy_url
    (tmp_path / "new").mkdir()
    assert all_models.__all__
    engine = sa.create_engine(url)
    migrations.upgrade(url)
    migrations.downgrade(url)
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    migrations.upgrade(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=migrations.COMPARED)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path, engine: sa.Engine) -> None:
    """Constraints included, which autogenerate does not compare."""
    made = schema_of(engine)
    if engine.dialect.name == "sqlite":
        other = sa.create_engine(f"sqlite:///{tmp_path / 'models.db'}")
        Base.metadata.create_all(other)
        assert schema_of(other) == made
        other.dispose()
        return
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("CREATE SCHEMA models")
        connection.exec_driver_sql("SET LOCAL search_path TO models")
        Base.metadata.create_all(connection)
        assert schema_of(connection) == made
        transaction.rollback()


def schema_of(engine: sa.Engine | sa.Connection) -> dict[str, Any]:
    inspector = sa.inspect(engine)
    return {
        name: {
            "columns": [
                (
                    item["name"],
                    str(item["type"]),
                    item["nullable"],
                    str(item["default"]).replace("models.", ""),
                )
                for item in inspector.get_columns(name)
            ],
            "checks": sorted(
                (item["name"], item["sqltext"]) for item in inspector.get_check_constraints(name)
            ),
            "uniques": sorted(
                (str(item["name"]), item["column_names"]) for item in inspector.get_unique_constraints(name)
            ),
            "foreign_keys": sorted(
                (str(item["name"]), item["referred_table"], item["options"])
                for item in inspector.get_foreign_keys(name)
            ),
            "indexes": sorted(
                (str(item["name"]), item["column_names"], item["unique"])
                for item in inspector.get_indexes(name)
            ),
        }
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


def test_rebuilding_filled_tables_keeps_every_row(
    seeded: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    folders = (migrations.VERSIONS, folder_with(tmp_path, REBUILDS))
    before = rows_of(engine)
    assert all(before[name] for name in ("event", "slot", "delegation", "offer", "claim", "organisation"))
    migrations.upgrade(seeded.sqlalchemy_url, folders=folders)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT min(trial) FROM event")) == 1
    assert rows_of(engine) == before
    migrations.downgrade(seeded.sqlalchemy_url, "0001", folders=folders)
    assert rows_of(engine) == before
    assert "trial" not in {column["name"] for column in sa.inspect(engine).get_columns("event")}


def test_a_migration_that_would_lose_rows_changes_nothing(
    seeded: Settings, engine: sa.Engine, tmp_path: Path, postgres_url: str | None
) -> None:
    folders = (migrations.VERSIONS, folder_with(tmp_path, LOSES, announced=()))
    before, file = rows_of(engine), bytes_of(seeded, postgres_url)
    with pytest.raises(MigrationRefused, match=r"audit_entry : \d+ → \d+"):
        migrations.upgrade(seeded.sqlalchemy_url, folders=folders)
    assert rows_of(engine) == before
    assert bytes_of(seeded, postgres_url) == file
    assert "left_behind" not in sa.inspect(engine).get_table_names()


def test_a_migration_may_lose_the_rows_it_announces(
    seeded: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    folders = (migrations.VERSIONS, folder_with(tmp_path, LOSES, announced=("audit_entry",)))
    before = rows_of(engine)
    migrations.upgrade(seeded.sqlalchemy_url, folders=folders)
    after = rows_of(engine)
    assert len(after.pop("audit_entry")) < len(before.pop("audit_entry"))
    assert after == before
    migrations.downgrade(seeded.sqlalchemy_url, "0001", folders=folders)


def test_a_row_that_would_point_nowhere_undoes_the_run(
    seeded: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    before = rows_of(engine)
    refusal = MigrationRefused if engine.dialect.name == "sqlite" else sa.exc.IntegrityError
    with pytest.raises(refusal, match="slot"):
        migrations.upgrade(
            seeded.sqlalchemy_url, folders=(migrations.VERSIONS, folder_with(tmp_path, ORPHANS))
        )
    assert rows_of(engine) == before


def test_undoing_everything_needs_saying_so(seeded: Settings, engine: sa.Engine) -> None:
    before = rows_of(engine)
    with pytest.raises(MigrationRefused, match="organisation"):
        migrations.downgrade(seeded.sqlalchemy_url)
    assert rows_of(engine) == before
    migrations.downgrade(seeded.sqlalchemy_url, losing_rows=True)
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]


def test_a_migration_is_written_only_where_the_models_say_something_new(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    written = migrations.revise(f"sqlite:///{tmp_path / 'empty.db'}", "baseline", folder=folder)
    assert written == folder / "0001_baseline.py"
    assert migrations.revise(f"sqlite:///{tmp_path / 'scratch.db'}", "nothing", folder=folder) is None
    assert [path.name for path in folder.glob("*.py")] == ["0001_baseline.py"]
    assert "loses_on_upgrade" in written.read_text(encoding="utf-8")


def bytes_of(settings: Settings, postgres_url: str | None) -> bytes:
    return b"" if postgres_url else Path(settings.sqlalchemy_url.removeprefix("sqlite:///")).read_bytes()
