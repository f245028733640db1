"""Alembic environment. Batch mode, because SQLite alters a table only by copying it."""

import sqlalchemy as sa
from alembic import context

from app import all_models  # noqa: F401 - fills the metadata
from app.core.db import Base

config = context.config


def run() -> None:
    engine = sa.create_engine(config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_server_default=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
