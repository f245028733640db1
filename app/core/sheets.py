"""Tables written for spreadsheets: the only place that writes one."""

import csv
import io
from collections.abc import Iterable

# What makes a spreadsheet calculate, or run, what is only a text; the wide signs do so in some languages.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: object) -> object:
    """The cell as a spreadsheet shows it without calculating: a text that would start a formula gets an
    apostrophe before it; a number stays a number."""
    if not isinstance(cell, str):
        return cell
    told = f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
    return told.replace("\r\n", "\n").replace("\r", "\n")  # the csv module leaves a lone \r unquoted


def table_text(rows: Iterable[Iterable[object]], *, separator: str, line_end: str = "\r\n") -> str:
    """The rows as a CSV or TSV file, each cell harmless."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=separator, lineterminator=line_end)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return target.getvalue()
