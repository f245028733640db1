"""Importing the interministerial free software list (SILL), in any of the forms `sill_forms` reads."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.claims.enums import Verdict
from app.claims.services import declare_claim
from app.content.enums import Nature
from app.core.checks import is_web_address
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Outcome
from app.moderation.services.claims import decide_claim
from app.moderation.services.imports.licences import spdx_of
from app.moderation.services.imports.reading import Reading, SourceRow
from app.moderation.services.imports.sill_forms import NAMED_AS, SillEntry, read_entries
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.queries import find_offer_by_import_key, subject_of
from app.offers.services import create_offer, edit_offer, publish_offer, withdraw_offer
from app.permissions import Actor
from app.reference.queries import active_criteria
from app.reference.services import is_open_source

COLUMNS = {"name": "i", "summary": "f", "licence": "l"}
ISSUER = "SILL, DINUM"
CRITERION = "open_source"


def read(data: bytes, file_name: str) -> Reading:
    """One row for each software; its line is its line in a table, its rank from 1 in a list."""
    entries = read_entries(data)
    latest = max((year for _line, entry in entries for year in entry.years), default=0)
    updated = max((entry.updated_on for _line, entry in entries if entry.updated_on), default=None)
    shared = {
        "edition": _edition(file_name, latest, updated),
        "latest": latest,
        "attests": _knows_criterion(),
    }
    return Reading(
        notes=[] if shared["attests"] else [_without_criterion()],
        rows=[SourceRow(line, entry.identifier, {"entry": entry, **shared}) for line, entry in entries],
    )


def save(actor: Actor, values: Mapping[str, Any]) -> Outcome:
    """Create or change the software's offer; what has been taken off the list is withdrawn."""
    entry: SillEntry = values["entry"]
    missing = [
        column for field, column in NAMED_AS.items() if field != "licence" and not getattr(entry, field)
    ]
    if missing:
        raise RuleBroken(fields=dict.fromkeys(missing, str(_("Cette valeur est obligatoire."))))
    key = f"sill:{entry.identifier}"
    offer = find_offer_by_import_key(key)
    if entry.left_because is not None:
        return _withdrawn(actor, offer)
    month, source_on = values["edition"]
    content = _content(entry, source=f"{ISSUER}, {month}", source_on=source_on)
    if offer is None:
        offer = create_offer(
            actor, organisation=None, kind=OfferKind.FREE_SOFTWARE, import_key=key, **content
        )
        outcome = Outcome.CREATED
    else:
        changed = edit_offer(actor, offer, note=content["source"], nature=Nature.CORRECTION, **content)
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
    if offer.status is not OfferStatus.PUBLISHED:
        publish_offer(actor, offer, note=content["source"])
        outcome = Outcome.UPDATED if outcome is Outcome.UNCHANGED else outcome
    claimed = values["attests"] and _claim_open_source(actor, offer, entry, values["latest"], month)
    return Outcome.UPDATED if claimed and outcome is Outcome.UNCHANGED else outcome


def _withdrawn(actor: Actor, offer: Offer | None) -> Outcome:
    if offer is None or offer.status is not OfferStatus.PUBLISHED:
        return Outcome.UNCHANGED
    withdraw_offer(actor, offer)
    return Outcome.UPDATED


def _claim_open_source(actor: Actor, offer: Offer, entry: SillEntry, latest: int, month: str) -> bool:
    """Record what the list attests, once. A software that has left the list is attested until it left.

    Being listed proves nothing where the list itself names no free licence, or one that is not."""
    if offer.licence is None or entry.is_libre is False or is_open_source(offer.licence) is False:
        return False
    if any(claim.attribute_key == CRITERION and claim.issuer == ISSUER for claim in offer.claims):
        return False
    left = bool(entry.years) and max(entry.years) < latest
    claim = declare_claim(
        actor,
        subject_of(offer),
        attribute_key=CRITERION,
        value=True,
        statement=f"Logiciel libre inscrit au socle interministériel de logiciels libres ({month}).",
        issuer=ISSUER,
        valid_until=date(max(entry.years), 12, 31) if left else None,
        as_history=True,
    )
    decide_claim(
        actor, claim, verdict=Verdict.VERIFIED, reason=f"Inscrit au SILL publié par la DINUM ({month})."
    )
    return True


def _content(entry: SillEntry, *, source: str, source_on: date) -> dict[str, Any]:
    return {
        "name": entry.name,
        "summary": entry.function[:500],
        "description": _description(entry),
        "licence": spdx_of(entry.licence),
        "website": entry.website if is_web_address(entry.website) else "",
        "source": source,
        "source_on": source_on,
    }


def _description(entry: SillEntry) -> str:
    """The list's own words, each with the name of what it tells."""
    told = (
        ("", entry.description_fr),
        ("Fonction : ", entry.function),
        ("Domaine : ", entry.category),
        ("Couche : ", entry.sector),
        ("Usage constaté : ", entry.usage),
        ("Complète : ", entry.parent),
        ("Licence indiquée : ", entry.licence),
        ("Années d’inscription au SILL : ", " ; ".join(str(year) for year in entry.years)),
        ("En anglais : ", entry.description_en),
    )
    lines = [f"{label}{text.rstrip('.')}." for label, text in told if text]
    return "\n\n".join(dict.fromkeys(lines))


def _edition(file_name: str, latest_year: int, updated: date | None) -> tuple[str, date]:
    """Month of the list as its file name tells (sill_2022-05.json), else its latest change or year."""
    named = re.search(r"(20\d\d)-(0[1-9]|1[0-2])", file_name)
    if named:
        return named[0], date(int(named[1]), int(named[2]), 1)
    if updated:
        return f"{updated:%Y-%m}", updated
    if latest_year:
        return str(latest_year), date(latest_year, 1, 1)
    raise RuleBroken(
        fields={
            "file": str(
                _("Donnez la date de la liste dans le nom du fichier, par exemple sill_2022-05.json.")
            )
        }
    )


def _knows_criterion() -> bool:
    return any(criterion.key == CRITERION for criterion in active_criteria())


def _without_criterion() -> str:
    text = _(
        "Le critère « logiciel libre » n’est pas encore enregistré : les logiciels sont importés sans "
        "attestation. Recommencez une fois les critères chargés."
    )
    return str(text)
