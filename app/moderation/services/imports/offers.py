"""Offers, CSV with French headers (accents, capitals and blanks do not matter).

Required: reference (yours, unique for the organisation), organisation (SIREN, or the identifier at the
end of its page's address), nom, resume, description.
Optional: type (marché or mutualisée; marché when empty), categories (CPV codes separated by blanks),
langue (fr or en), licence (SPDX), site, prix, delai_jours, public (who may use it), cercle (1 to 3,
mutualised only), source, source_date, publier (oui or non; oui when empty).
For each attribute that criteria ask about, where KEY is its key: critere_KEY (by its type oui or non, a
number, a date, a choice, choices separated by commas; empty: nothing is stated), and if stated
critere_KEY_debut, critere_KEY_fin (dates), critere_KEY_preuve (address), critere_KEY_portee."""

from collections.abc import Mapping
from typing import Any

from app.moderation.enums import Outcome
from app.moderation.services.imports.cells import Cells
from app.moderation.services.imports.criteria import (
    CLAIM_SUFFIXES,
    check_criterion_columns,
    read_claims,
    save_claims,
)
from app.moderation.services.imports.organisations import organisation_named
from app.moderation.services.imports.reading import Reading, SourceRow, unknown_columns_note
from app.moderation.services.imports.tables import read_table
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.queries import find_offer_by_import_key
from app.offers.services import create_offer, edit_offer, publish_offer
from app.permissions import Actor
from app.reference.queries import attributes

REQUIRED = ("reference", "organisation", "nom", "resume", "description")
OPTIONAL = (
    *("type", "categories", "langue", "licence", "site", "prix", "delai_jours", "public", "cercle"),
    *("source", "source_date", "publier"),
)
PREFIX = "critere_"
NOTE = "Import d’un fichier d’offres"
KINDS = {"marche": OfferKind.MARKET, "mutualisee": OfferKind.MUTUALISED}
LANGUAGES = {"fr": "fr", "en": "en"}
COLUMNS = {
    **{"name": "nom", "summary": "resume", "website": "site", "price_note": "prix", "language": "langue"},
    **{"lead_time_days": "delai_jours", "users_scope": "public", "circle": "cercle"},
    **{"source_on": "source_date", "kind": "type"},
}


def read(data: bytes, _file_name: str) -> Reading:
    table = read_table(data, required=REQUIRED)
    found = check_criterion_columns(
        table.columns, PREFIX, [attribute.key for attribute in attributes()], CLAIM_SUFFIXES
    )
    rows = [
        SourceRow(line, f"{values['organisation']}:{values['reference']}", values)
        for line, values in table.rows
    ]
    return Reading(
        rows, notes=[*table.notes, *unknown_columns_note(table.columns, (*REQUIRED, *OPTIONAL, *found))]
    )


def save(actor: Actor, values: Mapping[str, str]) -> Outcome:
    """Create or change the offer its organisation gave this reference, then declare what the row states."""
    cells = Cells(values)
    reference = cells.text("reference", required=True, at_most=80)
    kind = cells.one_of("type", KINDS, shown="marché, mutualisée") or OfferKind.MARKET
    publish = cells.yes_no("publier") is not False
    content = _content(cells)
    stated = read_claims(cells, PREFIX)
    cells.check()
    organisation = organisation_named(values["organisation"], "organisation")
    key = f"csv:{organisation.id}:{reference}"
    offer = find_offer_by_import_key(key)
    if offer is None:
        offer = create_offer(actor, organisation=organisation, kind=kind, import_key=key, **content)
        outcome = Outcome.CREATED
    else:
        changed = edit_offer(actor, offer, note=NOTE, **content)
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
    return _finish(actor, offer, outcome, save_claims(actor, offer, stated), publish=publish)


def _content(cells: Cells) -> dict[str, Any]:
    return {
        "name": cells.text("nom", required=True, at_most=300),
        "summary": cells.text("resume", required=True, at_most=500),
        "description": cells.text("description", required=True),
        "categories": sorted(cells.many("categories")),
        "language": cells.one_of("langue", LANGUAGES) or "fr",
        "licence": cells.text("licence") or None,
        "website": cells.text("site"),
        "price_note": cells.text("prix"),
        "lead_time_days": cells.whole("delai_jours"),
        "users_scope": cells.text("public"),
        "circle": cells.whole("cercle"),
        "source": cells.text("source"),
        "source_on": cells.day("source_date"),
    }


def _finish(actor: Actor, offer: Offer, outcome: Outcome, of_claims: Outcome, *, publish: bool) -> Outcome:
    if publish and offer.status is OfferStatus.DRAFT:  # one withdrawn on purpose stays so
        publish_offer(actor, offer, note=NOTE)
        outcome = Outcome.UPDATED if outcome is Outcome.UNCHANGED else outcome
    return of_claims if outcome is Outcome.UNCHANGED else outcome
