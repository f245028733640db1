"""Tables whose rows are only ever added: the database itself refuses to change or delete one.

A table asks for it with `info={IMMUTABLE: True}`; the triggers are laid after each migration, because a
table that SQLite rebuilds loses its own. Emptying a whole table (TRUNCATE) stays possible: tests do."""

import sqlalchemy as sa

IMMUTABLE = "immutable"
_ACTIONS = ("UPDATE", "DELETE")


def protect(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Lay the triggers of every immutable table that exists; laying them again changes nothing."""
    present = set(sa.inspect(connection).get_table_names())
    protected = [
        table.name for table in metadata.sorted_tables if table.info.get(IMMUTABLE) and table.name in present
    ]
    for statement in _statements(connection.dialect.name, protected):
        connection.exec_driver_sql(statement)


def _statements(dialect: str, tables: list[str]) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: rows never change'); END"
            for table in tables
            for action in _ACTIONS
        ]
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%%: rows never change', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in tables
    ]
    return [function, *triggers] if triggers else []
