"""Running and writing the migrations of `app/migrations` from code: no alembic.ini to keep in step."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "migrations"
VERSIONS = MIGRATIONS / "versions"


def other_default(
    _context: object, _inspected: object, column: sa.Column[Any], stored: str, _default: object, wanted: str
) -> bool | None:
    """Whether a server default differs from its model's; None leaves it to Alembic, which cannot compare
    those of JSON columns on PostgreSQL."""
    if not isinstance(column.type, sa.JSON):
        return None
    return (stored or "").removesuffix("::json").strip("'") != (wanted or "").strip("'")


COMPARED: dict[str, Any] = {"compare_type": True, "compare_server_default": other_default}
"""What Alembic compares beside tables, columns, indexes and keys."""


def upgrade(url: str, revision: str = "head", *, folders: Sequence[Path] = (VERSIONS,)) -> None:
    """Bring the database to `revision`. Raises MigrationRefused, changing nothing, rather than lose a row."""
    command.upgrade(_config(url, folders), revision)


def downgrade(
    url: str, revision: str = "base", *, losing_rows: bool = False, folders: Sequence[Path] = (VERSIONS,)
) -> None:
    """Go back to `revision`; `losing_rows` accepts that what it drops was filled."""
    config = _config(url, folders)
    config.attributes["losing_rows"] = losing_rows
    command.downgrade(config, revision)


def revise(url: str, message: str, *, folder: Path = VERSIONS) -> Path | None:
    """Write the next numbered migration: the difference between the latest one, put into the scratch database
    at `url`, and the models. Answers its file, None when there is none."""
    number = len(list(folder.glob("[0-9]*.py"))) + 1
    config = _config(url, [folder])
    command.upgrade(config, "head")
    script = command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")
    return None if script is None or isinstance(script, list) else Path(script.path)


def _config(url: str, folders: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in folders))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
