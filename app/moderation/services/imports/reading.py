"""From bytes to rows: encoding, separator and columns of the files people really send."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import slugify

if TYPE_CHECKING:
    import _csv  # the type of a reader, which csv itself does not export

SEPARATORS = (",", ";", "\t")
SURPLUS = "__surplus__"


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


def decode(data: bytes) -> str:
    """Text in UTF-8 (with or without its mark), else Windows-1252. Raises RuleBroken for anything else."""
    if not data.strip():
        raise RuleBroken(fields={"file": str(_("Ce fichier est vide."))})
    if b"\0" in data:
        raise _not_text()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _not_text() from error


def read_table(data: bytes, *, required: Sequence[str]) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Column names (lower case, without accents) and (line, values) of each row that is not blank.

    Raises RuleBroken when a required column is missing, telling which are expected."""
    text = decode(data)
    separator = _separator(text)
    try:
        lines = list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    except csv.Error as error:
        raise _expected(required) from error
    columns = [column_name(cell) for cell in lines[0][1]] if lines else []
    missing = [name for name in required if name not in columns]
    if missing:
        raise _expected(required, missing)
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RuleBroken(
            fields={"file": str(_("Colonne présente deux fois : %(names)s.", names=", ".join(twice)))}
        )
    return columns, [(line, _as_dict(columns, cells)) for line, cells in lines[1:]]


def column_name(header: str) -> str:
    """ "Données sensibles" as donnees_sensibles; empty for an empty header."""
    return slugify(header).replace("-", "_") if header.strip() else ""


def unknown_columns_note(columns: Iterable[str], known: Iterable[str]) -> list[str]:
    """A sentence naming the columns that were not read, or nothing."""
    expected = set(known)
    unknown = [name for name in columns if name and name not in expected]
    return [str(_("Colonnes non lues : %(names)s.", names=", ".join(unknown)))] if unknown else []


def _separator(text: str) -> str:
    """The separator that cuts the header in most columns."""
    header = text.lstrip().splitlines()[0]
    return max(SEPARATORS, key=lambda separator: len(next(csv.reader([header], delimiter=separator))))


def _numbered(reader: "_csv.Reader") -> Iterable[tuple[int, list[str]]]:
    """(line of the file where the record begins, cells); a quoted cell may span several lines."""
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + 1


def _as_dict(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    values = dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False))
    if any(cells[len(columns) :]):
        values[SURPLUS] = " ".join(cells[len(columns) :])
    return values


def _not_text() -> RuleBroken:
    message = _("Ce fichier n’est pas un texte lisible : enregistrez-le en CSV ou en JSON, puis renvoyez-le.")
    return RuleBroken(fields={"file": str(message)})


def _expected(required: Sequence[str], missing: Sequence[str] = ()) -> RuleBroken:
    message = _(
        "Ce fichier n’a pas la forme attendue. "
        "Colonnes obligatoires : %(required)s. Il manque : %(missing)s.",
        required=", ".join(required),
        missing=", ".join(missing or required),
    )
    return RuleBroken(fields={"file": str(message)})
