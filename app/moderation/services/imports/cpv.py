"""The Common Procurement Vocabulary, CSV: code, niveau, parent, libelle_fr, libelle_en.

Only its information technology part is kept, by the beginning of the code; the rest is counted."""

from collections.abc import Mapping

from app.core.i18n import ngettext
from app.moderation.enums import Outcome
from app.moderation.services.imports.cells import Cells
from app.moderation.services.imports.reading import Reading, SourceRow
from app.moderation.services.imports.tables import read_table
from app.permissions import Actor
from app.reference.services import save_category

REQUIRED = ("code", "niveau", "parent", "libelle_fr", "libelle_en")
PREFIXES = ("48", "72", "302", "324", "325", "642")
COLUMNS = {"code": "code", "parent_code": "parent", "label_fr": "libelle_fr", "label_en": "libelle_en"}


def read(data: bytes, _file_name: str) -> Reading:
    """Codes of information technology, parents before children."""
    table = read_table(data, required=REQUIRED)
    rows = [
        SourceRow(line, values["code"], values) for line, values in table.rows if _is_kept(values["code"])
    ]
    ignored = len(table.rows) - len(rows)
    note = ngettext(
        "%(num)s code hors de l’informatique et des télécommunications laissé de côté.",
        "%(num)s codes hors de l’informatique et des télécommunications laissés de côté.",
        ignored,
    )
    return Reading(
        sorted(rows, key=lambda row: (row.values["niveau"], row.key)),
        ignored,
        [*table.notes, *([str(note)] if ignored else [])],
    )


def save(actor: Actor, values: Mapping[str, str]) -> Outcome:
    cells = Cells(values)
    level = cells.whole("niveau")
    label_fr = cells.text("libelle_fr", required=True, at_most=300)
    label_en = cells.text("libelle_en", at_most=300)
    cells.check()
    parent = values["parent"] if _is_kept(values["parent"]) else None
    code = values["code"]
    outcome = save_category(
        actor, code=code, parent_code=parent, level=level or 0, label_fr=label_fr, label_en=label_en
    )
    return Outcome(outcome.value)


def _is_kept(code: str) -> bool:
    """A code of the kept part, or one so wrong that its line must be told rather than passed over."""
    return code.startswith(PREFIXES)
