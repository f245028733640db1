"""Alembic environment. Batch mode, because SQLite alters a table only by copying it."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from app import all_models  # noqa: F401 - fills the metadata
from app.core.db import Base
from app.core.immutable import protect
from app.core.migration_guard import Announced, no_row_lost
from app.core.migrations import COMPARED

config = context.config


def run() -> None:
    announced = Announced()
    engine = sa.create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=sa.NullPool)
    with (
        engine.connect() as connection,
        no_row_lost(connection, announced, losing_rows=bool(config.attributes.get("losing_rows"))),
    ):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            **COMPARED,
            user_module_prefix="types.",
            on_version_apply=announced.note,
            process_revision_directives=_nothing_to_say,
        )
        context.run_migrations()
        protect(connection, Base.metadata)


def _nothing_to_say(_context: object, _revision: object, directives: list[Any]) -> None:
    """Write no file when the models and the latest migration agree."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


run()
