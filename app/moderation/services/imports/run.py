"""Running an import: each row in a savepoint of its own, so that a bad one spoils no other."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from app.audit.services import record
from app.core.errors import DomainError, RuleBroken
from app.core.i18n import gettext as _
from app.core.savepoints import savepoint, trial
from app.moderation.enums import ImportKind, Outcome
from app.moderation.queries.journal import IMPORT_ACTION
from app.moderation.services.imports import cpv, needs, offers, publiccode, secnumcloud, sill
from app.moderation.services.imports.reading import Reading, SourceRow
from app.moderation.services.imports.report import ImportReport, ImportRow
from app.permissions import Actor, Permission, require

ROWS_AT_ONCE = 20
HELD_S = 0.25  # no lock is held longer, however slow the machine
OnRows = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Importer:
    """How a kind of file is read and one row saved; `columns` names a service's field as in the file."""

    read: Callable[[bytes, str], Reading]
    save: Callable[[Actor, Mapping[str, Any]], Outcome]
    columns: Mapping[str, str]
    after: Callable[[Actor, Reading], list[str]] = lambda _actor, _reading: []


IMPORTERS: Mapping[ImportKind, Importer] = {
    ImportKind.SILL: Importer(sill.read, sill.save, sill.COLUMNS),
    ImportKind.SECNUMCLOUD: Importer(
        secnumcloud.read, secnumcloud.save, secnumcloud.COLUMNS, secnumcloud.after
    ),
    ImportKind.CPV: Importer(cpv.read, cpv.save, cpv.COLUMNS),
    ImportKind.OFFERS: Importer(offers.read, offers.save, offers.COLUMNS),
    ImportKind.PUBLICCODE: Importer(publiccode.read, publiccode.save, publiccode.COLUMNS),
    ImportKind.NEEDS: Importer(needs.read, needs.save, needs.COLUMNS),
}


def run_import(
    actor: Actor,
    kind: ImportKind,
    data: bytes,
    *,
    dry_run: bool,
    file_name: str = "",
    on_rows: OnRows = lambda _done, _total: True,
) -> ImportReport:
    """Import every good row of a file and tell, line by line, what became of each; a second run changes
    nothing. `on_rows` is told every ROWS_AT_ONCE rows or HELD_S seconds how many are done, and answers False
    to stop.
    Raises RuleBroken on field `file` when it is not a file of this kind at all."""
    require(actor, Permission.IMPORT_RUN)
    importer = IMPORTERS[kind]
    reading = importer.read(data, file_name)
    report = ImportReport(kind, dry_run, ignored=reading.ignored, notes=reading.notes)
    with trial() if dry_run else nullcontext():
        _import_rows(actor, importer, reading, report, on_rows)
    report.rows.sort(key=lambda row: row.line)  # a reader may save parents first; people read by line
    if not dry_run:
        totals = {outcome.value: count for outcome, count in report.totals.items()}
        record(actor, IMPORT_ACTION, None, kind=kind.value, file_name=file_name[:200], **totals)
    return report


def _import_rows(
    actor: Actor, importer: Importer, reading: Reading, report: ImportReport, on_rows: OnRows
) -> None:
    # The right to import covers the objects of every organisation; the log still names the person.
    importing = replace(actor, is_system=True)
    seen: dict[str, int] = {}
    told_at, since = 0, monotonic()
    for number, row in enumerate(reading.rows):
        is_time = number - told_at >= ROWS_AT_ONCE or monotonic() - since > HELD_S or number == 0
        if is_time and not on_rows(number, len(reading.rows)):
            report.notes.append(_("Arrêté à la demande : %(n)s lignes lues, pas les suivantes.", n=number))
            return
        if is_time:
            told_at, since = number, monotonic()
        if row.key and row.key in seen:
            text = str(_("La même référence figure déjà à la ligne %(line)s.", line=seen[row.key]))
            report.rows.append(ImportRow(row.line, row.key, Outcome.REFUSED, (("", text),)))
            continue
        seen[row.key] = row.line
        report.rows.append(_import_row(importing, importer, row))
    report.notes += importer.after(importing, reading)


def _import_row(actor: Actor, importer: Importer, row: SourceRow) -> ImportRow:
    try:
        with savepoint():
            return ImportRow(row.line, row.key, importer.save(actor, row.values))
    except RuleBroken as error:
        reasons = [(importer.columns.get(name, name), str(text)) for name, text in error.fields.items()]
        return ImportRow(row.line, row.key, Outcome.REFUSED, tuple(reasons) or (("", error.message),))
    except DomainError as error:
        message = error.message or str(_("L’objet cité n’existe pas."))
        return ImportRow(row.line, row.key, Outcome.REFUSED, (("", message),))
    except (IntegrityError, DataError):
        message = str(_("Cette ligne contredit une règle de la base : valeur déjà prise, ou trop longue."))
        return ImportRow(row.line, row.key, Outcome.REFUSED, (("", message),))
