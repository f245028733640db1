"""Migrations go up and down, and say the same as the models."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import all_models
from app.core import migrations
from app.core.config import Settings
from app.core.db import Base
from tests.conftest import settings_for


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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
