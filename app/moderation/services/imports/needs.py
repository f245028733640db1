"""Needs, CSV with French headers (accents, capitals and blanks do not matter).

Required: reference (yours, unique for the administration), administration (SIREN, or the identifier at
the end of its page's address), titre, description.
Optional: categories (CPV codes separated by blanks), langue (fr or en), utilisateurs (how many people),
echeance (date), budget, donnees_sensibles (oui or non), publier (oui or non; oui when empty).
For each hard criterion, where KEY is its key: exigence_KEY (déclaré: a declaration suffices; vérifié:
only a verified claim does; empty: not required)."""

from collections.abc import Mapping
from typing import Any

from app.moderation.enums import Outcome
from app.moderation.services.imports.cells import Cells
from app.moderation.services.imports.criteria import check_criterion_columns
from app.moderation.services.imports.organisations import organisation_named
from app.moderation.services.imports.reading import Reading, SourceRow, unknown_columns_note
from app.moderation.services.imports.tables import read_table
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.needs.queries import find_need_by_import_key
from app.needs.services import create_need, edit_need, publish_need
from app.permissions import Actor
from app.reference.queries import criteria

REQUIRED = ("reference", "administration", "titre", "description")
OPTIONAL = ("categories", "langue", "utilisateurs", "echeance", "budget", "donnees_sensibles", "publier")
PREFIX = "exigence_"
NOTE = "Import d’un fichier de besoins"
LEVELS = {"declare": RequiredLevel.DECLARED, "verifie": RequiredLevel.VERIFIED}
LANGUAGES = {"fr": "fr", "en": "en"}
COLUMNS = {
    **{"organisation": "administration", "title": "titre", "language": "langue", "budget_range": "budget"},
    **{"users_count": "utilisateurs", "deadline_on": "echeance", "sensitive_data": "donnees_sensibles"},
}


def read(data: bytes, _file_name: str) -> Reading:
    table = read_table(data, required=REQUIRED)
    found = check_criterion_columns(table.columns, PREFIX, [criterion.key for criterion in criteria()])
    rows = [
        SourceRow(line, f"{values['administration']}:{values['reference']}", values)
        for line, values in table.rows
    ]
    return Reading(
        rows, notes=[*table.notes, *unknown_columns_note(table.columns, (*REQUIRED, *OPTIONAL, *found))]
    )


def save(actor: Actor, values: Mapping[str, str]) -> Outcome:
    """Create or change the need its administration gave this reference."""
    cells = Cells(values)
    reference = cells.text("reference", required=True, at_most=80)
    publish = cells.yes_no("publier") is not False
    content = _content(cells)
    cells.check()
    organisation = organisation_named(values["administration"], "administration")
    key = f"csv:{organisation.id}:{reference}"
    need = find_need_by_import_key(key)
    if need is None:
        need = create_need(actor, organisation=organisation, import_key=key, **content)
        outcome = Outcome.CREATED
    elif _content_of(need) == content:
        outcome = Outcome.UNCHANGED
    else:
        edit_need(actor, need, note=NOTE, **content)
        outcome = Outcome.UPDATED
    if publish and need.status is NeedStatus.DRAFT:  # one closed on purpose stays so
        publish_need(actor, need, note=NOTE)
        outcome = Outcome.UPDATED if outcome is Outcome.UNCHANGED else outcome
    return outcome


def _content(cells: Cells) -> dict[str, Any]:
    levels = {
        criterion.key: cells.one_of(PREFIX + criterion.key, LEVELS, shown="déclaré, vérifié")
        for criterion in criteria()
    }
    return {
        "title": cells.text("titre", required=True, at_most=300),
        "description": cells.text("description", required=True),
        "categories": sorted(cells.many("categories")),
        "requirements": {key: level for key, level in levels.items() if level is not None},
        "language": cells.one_of("langue", LANGUAGES) or "fr",
        "users_count": cells.whole("utilisateurs"),
        "deadline_on": cells.day("echeance"),
        "budget_range": cells.text("budget", at_most=120),
        "sensitive_data": cells.yes_no("donnees_sensibles") is True,
    }


def _content_of(need: Need) -> dict[str, Any]:
    names = (
        "title",
        "description",
        "language",
        "users_count",
        "deadline_on",
        "budget_range",
        "sensitive_data",
    )
    return {
        **{name: getattr(need, name) for name in names},
        "categories": [category.code for category in need.categories],
        "requirements": {item.criterion_key: item.level for item in need.requirements},
    }
