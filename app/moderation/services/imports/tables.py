"""From a file to a table with named columns, as people really send them: Excel's `sep=;`, titles above the
header, a total below, another encoding. What is repaired is said."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.slugs import slugify
from app.moderation.services.imports.encodings import decode
from app.moderation.services.imports.spreadsheets import is_workbook, sheet_rows

SEPARATORS = (",", ";", "\t", "|")
SURPLUS = "__surplus__"
HEADER_WITHIN = 20  # rows: titles and logos above the header take a few, never more
_TOTALS = ("total", "totaux", "sous-total", "somme")

Numbered = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in lower case without accents; `rows` are (line in the file, values by column)."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    notes: list[str]


def read_table(data: bytes, *, required: Sequence[str]) -> Table:
    """The table of a CSV, XLSX or ODS file; blank rows are passed over.

    Raises RuleBroken on field `file` when a required column is missing, telling which are expected."""
    lines, notes = _lines(data, required)
    start = _header(lines, required)
    columns = [column_name(cell) for cell in lines[start][1]]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise RuleBroken(
            fields={"file": str(_("Colonne présente deux fois : %(names)s.", names=", ".join(twice)))}
        )
    rows = [(line, _as_dict(columns, cells)) for line, cells in lines[start + 1 :]]
    kept = [(line, values) for line, values in rows if not _is_total(values, required)]
    return Table(columns, kept, [*notes, *_set_aside(start, len(rows) - len(kept))])


def column_name(header: str) -> str:
    """ "Données sensibles" as donnees_sensibles; empty for an empty header."""
    return slugify(header).replace("-", "_") if header.strip() else ""


def _lines(data: bytes, required: Sequence[str]) -> tuple[list[Numbered], list[str]]:
    if is_workbook(data):
        return [line for line in sheet_rows(data) if any(line[1])], []
    decoded = decode(data)
    hint = _excel_hint(decoded.text)
    separator = hint or _separator(decoded.text)
    try:
        lines = list(_numbered(csv.reader(io.StringIO(decoded.text, newline=""), delimiter=separator)))
    except csv.Error as error:
        raise _expected(required) from error
    return lines[1:] if hint else lines, list(decoded.notes)


def _excel_hint(text: str) -> str:
    """The separator that Excel's first line `sep=;` announces, or nothing."""
    first = text.lstrip().splitlines()[0].strip().strip('"')
    return first[4:] if first[:4].lower() == "sep=" and len(first) == 5 else ""


def _separator(text: str) -> str:
    """The separator that cuts one of the first lines in most columns."""
    lines = [line for line in text.splitlines()[:HEADER_WITHIN] if line.strip()]
    return max(
        SEPARATORS, key=lambda separator: max(len(cells) for cells in csv.reader(lines, delimiter=separator))
    )


def _numbered(reader: Iterable[list[str]]) -> Iterator[Numbered]:
    """(line of the file where the record begins, cells); a quoted cell may span several lines."""
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, [cell.strip() for cell in cells]
        begins = getattr(reader, "line_num", begins) + 1


def _header(lines: Sequence[Numbered], required: Sequence[str]) -> int:
    """Place of the first row that names every required column; the best of the first rows is told of."""
    best: list[str] = list(required)
    for place, (_line, cells) in enumerate(lines[:HEADER_WITHIN]):
        named = {column_name(cell) for cell in cells}
        missing = [name for name in required if name not in named]
        if not missing:
            return place
        best = min(best, missing, key=len)
    raise _expected(required, best)


def _is_total(values: dict[str, str], required: Sequence[str]) -> bool:
    """A row whose first word is a total and that leaves most required columns empty."""
    first = next((text for text in values.values() if text), "")
    is_named = slugify(first).startswith(_TOTALS)
    return is_named and sum(not values.get(name) for name in required) * 2 > len(required)


def _set_aside(titles: int, totals: int) -> Iterator[str]:
    if titles:
        yield ngettext(
            "%(num)s ligne de titre au-dessus de l’en-tête laissée de côté.",
            "%(num)s lignes de titre au-dessus de l’en-tête laissées de côté.",
            titles,
        )
    if totals:
        yield ngettext(
            "%(num)s ligne de total laissée de côté.", "%(num)s lignes de total laissées de côté.", totals
        )


def _as_dict(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    values = dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False))
    if any(cells[len(columns) :]):
        values[SURPLUS] = " ".join(cells[len(columns) :])
    return values


def _expected(required: Sequence[str], missing: Sequence[str] = ()) -> RuleBroken:
    message = _(
        "Ce fichier n’a pas la forme attendue. "
        "Colonnes obligatoires : %(required)s. Il manque : %(missing)s.",
        required=", ".join(required),
        missing=", ".join(missing or required),
    )
    return RuleBroken(fields={"file": str(message)})
