"""XLSX and ODS workbooks as rows of text cells, read by calamine (formulas are never run)."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _

SIGNATURE = b"PK\x03\x04"
UNPACKED_AT_MOST = 200 * 1024 * 1024  # bytes: a workbook is a zip, and a small one can unpack to gigabytes

Cell = str | float | int | bool | date | datetime | time | timedelta


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are a zip, as XLSX and ODS files are, whatever their name says."""
    return data.startswith(SIGNATURE)


def sheet_rows(data: bytes) -> list[tuple[int, list[str]]]:
    """(row number from 1, cells as a reader sees them) of the first sheet that holds anything.

    Raises RuleBroken on field `file` for what is no workbook or unpacks beyond UNPACKED_AT_MOST."""
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bombs(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            found = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [(number, [_shown(cell) for cell in cells]) for number, cells in enumerate(found, start=1)]
            if any(any(cells) for _number, cells in rows):
                return rows
    except CalamineError as error:
        raise _unreadable() from error
    raise RuleBroken(fields={"file": str(_("Ce fichier est vide."))})


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable() from error
    if size > UNPACKED_AT_MOST:
        raise RuleBroken(
            fields={
                "file": str(_("Ce classeur est trop volumineux une fois ouvert : coupez-le en plusieurs."))
            }
        )


def _shown(cell: Cell) -> str:
    """The text a person would type for this cell: 30.0 is 30, a date at midnight is a date."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell).strip()


def _unreadable() -> RuleBroken:
    return RuleBroken(fields={"file": str(_("Ce fichier n’est pas un classeur lisible : XLSX ou ODS."))})
