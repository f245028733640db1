"""The interministerial free software list (SILL), JSON: a list of objects with at least id, i (name),
f (function) and l (licence); also read: fr-desc, en-desc, website, c (category), se (sector), u (use),
p (parent), y (years)."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.claims.services import declare_claim
from app.core.checks import is_web_address
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Outcome
from app.moderation.services.claims import decide_claim
from app.moderation.services.imports.licences import spdx_of
from app.moderation.services.imports.reading import Reading, SourceRow, decode
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.queries import find_offer_by_import_key, subject_of
from app.offers.services import create_offer, edit_offer, publish_offer
from app.permissions import Actor
from app.reference.queries import active_criteria

REQUIRED = ("id", "i", "f", "l")
COLUMNS = {"name": "i", "summary": "f", "licence": "l"}
ISSUER = "SILL, DINUM"
CRITERION = "open_source"


def read(data: bytes, file_name: str) -> Reading:
    """One row for each software; its line is its rank in the list, from 1."""
    try:
        items = json.loads(decode(data))
    except json.JSONDecodeError as error:
        raise _expected() from error
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise _expected()
    if not any(all(name in item for name in REQUIRED) for item in items):
        raise _expected()
    latest = max((year for item in items for year in _years(item)), default=0)
    shared = {"edition": _edition(file_name, latest), "latest": latest, "attests": _knows_criterion()}
    return Reading(
        notes=[] if shared["attests"] else [_without_criterion()],
        rows=[
            SourceRow(rank, str(item.get("id", "")), {"item": item, **shared})
            for rank, item in enumerate(items, start=1)
        ],
    )


def save(actor: Actor, values: Mapping[str, Any]) -> Outcome:
    """Create or change the software's offer; being on the list verifies that it is open source."""
    item: Mapping[str, Any] = values["item"]
    missing = [name for name in REQUIRED if not _text(item, name)]
    if missing:
        raise RuleBroken(fields=dict.fromkeys(missing, str(_("Cette valeur est obligatoire."))))
    month, source_on = values["edition"]
    content = _content(item, source=f"{ISSUER}, {month}", source_on=source_on)
    key = f"sill:{_text(item, 'id')}"
    offer = find_offer_by_import_key(key)
    if offer is None:
        offer = create_offer(
            actor, organisation=None, kind=OfferKind.FREE_SOFTWARE, import_key=key, **content
        )
        outcome = Outcome.CREATED
    else:
        changed = edit_offer(actor, offer, expected_version=offer.version, **content)
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
    if offer.status is OfferStatus.DRAFT:
        publish_offer(actor, offer)
    claimed = values["attests"] and _claim_open_source(actor, offer, _years(item), values["latest"], month)
    return Outcome.UPDATED if claimed and outcome is Outcome.UNCHANGED else outcome


def _claim_open_source(actor: Actor, offer: Offer, years: Sequence[int], latest: int, month: str) -> bool:
    """Record what the list attests, once. A software that has left the list is attested until it left."""
    if any(claim.criterion_key == CRITERION and claim.issuer == ISSUER for claim in offer.claims):
        return False
    left = bool(years) and max(years) < latest
    claim = declare_claim(
        actor,
        subject_of(offer),
        criterion_key=CRITERION,
        value=True,
        statement=f"Logiciel libre inscrit au socle interministériel de logiciels libres ({month}).",
        issuer=ISSUER,
        valid_until=date(max(years), 12, 31) if left else None,
    )
    decide_claim(actor, claim, verdict="verified", reason=f"Inscrit au SILL publié par la DINUM ({month}).")
    return True


def _content(item: Mapping[str, Any], *, source: str, source_on: date) -> dict[str, Any]:
    function, website = _text(item, "f"), _text(item, "website")
    return {
        "name": _text(item, "i"),
        "summary": function[:500],
        "description": _description(item),
        "licence": spdx_of(_text(item, "l")),
        "website": website if is_web_address(website) else "",
        "source": source,
        "source_on": source_on,
    }


def _description(item: Mapping[str, Any]) -> str:
    """The list's own words, each with the name of what it tells."""
    told = (
        ("", "fr-desc"),
        ("Fonction : ", "f"),
        ("Domaine : ", "c"),
        ("Couche : ", "se"),
        ("Usage constaté : ", "u"),
        ("Complète : ", "p"),
        ("Licence indiquée : ", "l"),
        ("Années d’inscription au SILL : ", "y"),
        ("En anglais : ", "en-desc"),
    )
    lines = [f"{label}{_text(item, name).rstrip('.')}." for label, name in told if _text(item, name)]
    return "\n\n".join(dict.fromkeys(lines))


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value).strip() if value is not None else ""


def _years(item: Mapping[str, Any]) -> list[int]:
    return [int(year) for year in re.findall(r"\b20\d\d\b", _text(item, "y"))]


def _edition(file_name: str, latest_year: int) -> tuple[str, date]:
    """Month of the list as its file name tells (sill_2022-05.json), else the latest year it speaks of."""
    named = re.search(r"(20\d\d)-(0[1-9]|1[0-2])", file_name)
    if named:
        return named[0], date(int(named[1]), int(named[2]), 1)
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


def _expected() -> RuleBroken:
    message = _(
        "Ce fichier n’est pas une liste du SILL : il faut un JSON fait d’une liste d’objets dont les champs "
        "comprennent %(fields)s.",
        fields=", ".join(REQUIRED),
    )
    return RuleBroken(fields={"file": str(message)})
