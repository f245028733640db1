"""What a database holds, whole, to compare before and after."""

import sqlalchemy as sa

from app.core.db import Base

Rows = dict[str, list[str]]


def rows_of(engine: sa.Engine) -> Rows:
    """Every row of every table of the models, by table, in an order that does not depend on the file."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
        }
