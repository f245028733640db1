"""The SecNumCloud registry, CSV with columns provider, service_name, scope, status, and optionally
referential_version, qualified_since, valid_until, provider_country, source, source_date, confidence, note."""

from collections.abc import Mapping

from app.core.i18n import gettext as _
from app.moderation.enums import Outcome
from app.moderation.services.imports.cells import Cells
from app.moderation.services.imports.reading import Reading, SourceRow, unknown_columns_note
from app.moderation.services.imports.tables import read_table
from app.moderation.services.registries import review_claims, vanished_note
from app.permissions import Actor
from app.reference.queries import qualified_services
from app.reference.services import save_qualified_service, withdraw_qualified_service

KNOWN_BY = ("provider", "service_name", "scope")
REQUIRED = ("provider", "service_name", "scope", "status")
OPTIONAL = (
    *("referential_version", "qualified_since", "valid_until", "provider_country"),
    *("source", "source_date", "confidence", "note"),
)
STATUSES = {status: status for status in ("qualified", "in_progress", "suspended", "withdrawn")}
COLUMNS = {"source_on": "source_date"}


def read(data: bytes, _file_name: str) -> Reading:
    table = read_table(data, required=REQUIRED)
    rows = [
        SourceRow(line, " / ".join(values[name] for name in ("provider", "service_name", "scope")), values)
        for line, values in table.rows
    ]
    return Reading(rows, notes=[*table.notes, *unknown_columns_note(table.columns, (*REQUIRED, *OPTIONAL))])


def after(actor: Actor, reading: Reading) -> list[str]:
    """Once the rows are saved: what the file no longer holds is withdrawn, unless it looks like a part of the
    registry, and every claim that the registry speaks of is read again."""
    held = {tuple(str(row.values[name]).strip() for name in KNOWN_BY) for row in reading.rows}
    known = qualified_services()
    gone = [row for row in known if tuple(getattr(row, name) for name in KNOWN_BY) not in held]
    gone = [row for row in gone if row.status != "withdrawn"]
    notes = []
    if 2 * len(gone) > len(known):
        notes.append(_("Ce fichier n’est qu’une partie du registre : ce qu’il ne dit pas reste tel quel."))
        gone = []
    for row in gone:
        withdraw_qualified_service(actor, row)
    notes += vanished_note(f"{row.service_name} ({row.provider})" for row in gone)
    return [*notes, *review_claims()]


def save(actor: Actor, values: Mapping[str, str]) -> Outcome:
    cells = Cells(values)
    since, until = cells.period("qualified_since", "valid_until")
    source_on = cells.day("source_date")
    status = cells.one_of(
        "status", {name.replace("_", "-"): name for name in STATUSES}, shown=", ".join(STATUSES)
    )
    texts = {
        "provider": cells.text("provider", required=True, at_most=300),
        "service_name": cells.text("service_name", required=True, at_most=300),
        "scope": cells.text("scope", required=True, at_most=60),
        "referential_version": cells.text("referential_version", at_most=20),
        "provider_country": cells.text("provider_country", at_most=2),
        "confidence": cells.text("confidence", at_most=10),
        "source": cells.text("source"),
        "note": cells.text("note"),
    }
    cells.text("status", required=True)
    cells.check()
    if texts["referential_version"] == "unknown":
        texts["referential_version"] = ""
    outcome = save_qualified_service(
        actor, **texts, status=status or "", qualified_since=since, valid_until=until, source_on=source_on
    )
    return Outcome(outcome.value)
