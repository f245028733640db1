"""One transaction for the migrations of a run, undone as a whole rather than lose a row nobody announced.

SQLite alters a table by copying it and dropping the old one, which fires every ON DELETE CASCADE while
foreign keys are enforced: they are set aside meanwhile, and checked before the commit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.core.db import writing
from app.core.errors import DomainError

Counts = Mapping[str, int]


class MigrationRefused(DomainError):
    """The migration would lose rows, or leave some that point nowhere; nothing was changed."""


class Announced:
    """Tables whose rows the migrations of this run mean to drop, as their files say."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def note(self, ctx: object, step: Any, heads: object, run_args: object) -> None:
        """Given to Alembic as `on_version_apply`."""
        name = "loses_on_upgrade" if step.is_upgrade else "loses_on_downgrade"
        self.tables.update(getattr(step.up_revision.module, name, ()))


@contextmanager
def no_row_lost(connection: sa.Connection, announced: Announced, *, losing_rows: bool) -> Iterator[None]:
    """The transaction of the migrations run within. Raises MigrationRefused, once it is rolled back, when a
    table holds fewer rows than before without being announced (`losing_rows` allows any), or when a row
    points nowhere."""
    if connection.dialect.name == "sqlite":  # on the driver itself: SQLite ignores it within a transaction
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    with writing(), connection.begin():
        before = count_rows(connection)
        yield
        if not losing_rows:
            _refuse_losses(before, count_rows(connection), announced.tables)
        _refuse_orphans(connection)


def count_rows(connection: sa.Connection) -> Counts:
    """Rows of every table, that of Alembic left out."""
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    count = sa.func.count()
    return {
        name: connection.scalar(sa.select(count).select_from(sa.table(name))) or 0 for name in sorted(names)
    }


def _refuse_losses(before: Counts, after: Counts, announced: set[str]) -> None:
    lost = [
        f"{table} : {count} → {after.get(table, 0)}"
        for table, count in before.items()
        if after.get(table, 0) < count and table not in announced
    ]
    if lost:
        raise MigrationRefused(
            "Migration annulée, rien n’a changé : elle perdrait des lignes sans l’annoncer"
            f" ({', '.join(lost)}). Si c’est voulu, nommez ces tables dans `loses_on_upgrade` ou"
            " `loses_on_downgrade` de la migration."
        )


def _refuse_orphans(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL checks its foreign keys by itself
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        found = ", ".join(sorted({f"{table} → {parent}" for table, _row, parent, _key in orphans}))
        raise MigrationRefused(
            f"Migration annulée, rien n’a changé : {len(orphans)} lignes pointeraient dans le vide ({found})."
        )
