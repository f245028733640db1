"""What a file holds once read: rows to import, and what was set aside or repaired on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row to import: where it stands, the key that recognises it next time, its values as read."""

    line: int
    key: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Reading:
    """What a file holds; `ignored` counts rows left aside on purpose, and `notes` says why."""

    rows: list[SourceRow]
    ignored: int = 0
    notes: list[str] = field(default_factory=list)


def unknown_columns_note(columns: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence naming the columns that were not read, or nothing."""
    expected = set(known)
    unknown = [name for name in columns if name and name not in expected]
    return [str(_("Colonnes non lues : %(names)s.", names=", ".join(unknown)))] if unknown else []
