"""Columns that speak of criteria: their names are checked before any row is read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim
from app.claims.services import declare_claim, withdraw_claim
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Outcome
from app.moderation.services.imports.cells import Cells
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.permissions import Actor
from app.reference.enums import AttributeType
from app.reference.models import Attribute
from app.reference.queries import attributes
from app.reference.services import Stored, checked_value

CLAIM_SUFFIXES = ("_debut", "_fin", "_preuve", "_portee")
STATEMENT = "Déclaré dans un fichier importé."


@dataclass(frozen=True, slots=True)
class ClaimCells:
    """What a row says of one criterion."""

    key: str
    values: Mapping[str, object]


def check_criterion_columns(
    columns: Iterable[str], prefix: str, keys: Sequence[str], suffixes: Sequence[str] = ()
) -> list[str]:
    """The columns that begin with `prefix`. Raises RuleBroken when one names none of the `keys`."""
    expected = {f"{prefix}{key}{suffix}" for key in keys for suffix in ("", *suffixes)}
    found = [column for column in columns if column.startswith(prefix)]
    unknown = sorted(set(found) - expected)
    if unknown:
        message = _(
            "Critère inconnu dans l’en-tête : %(unknown)s. Critères connus : %(known)s.",
            unknown=", ".join(unknown),
            known=", ".join(keys),
        )
        raise RuleBroken(fields={"file": str(message)})
    return found


def read_claims(cells: Cells, prefix: str) -> list[ClaimCells]:
    """What the row states: an empty cell states nothing."""
    return list(_claims(cells, prefix))


def _claims(cells: Cells, prefix: str) -> Iterator[ClaimCells]:
    for attribute in attributes():
        key = attribute.key
        value = _value(cells, prefix + key, attribute)
        start, end = cells.period(f"{prefix}{key}_debut", f"{prefix}{key}_fin")
        if value is not None:
            texts = {
                "evidence_url": cells.text(f"{prefix}{key}_preuve", at_most=500),
                "scope": cells.text(f"{prefix}{key}_portee", at_most=300),
            }
            yield ClaimCells(key, {"value": value, "valid_from": start, "valid_until": end, **texts})


def _value(cells: Cells, column: str, attribute: Attribute) -> Stored | None:
    """What the attribute's type takes from a cell; None when it is empty, or wrong, which `cells` keeps."""
    match attribute.type:
        case AttributeType.YES_NO:
            return cells.yes_no(column)
        case AttributeType.DATE:
            day = cells.day(column)
            return None if day is None else day.isoformat()
    return cells.read(column, lambda text: checked_value(attribute, text))


def save_claims(actor: Actor, offer: Offer, stated: Iterable[ClaimCells]) -> Outcome:
    """Declare what the file states, instead of what an earlier file stated otherwise, unless decided."""
    outcome = Outcome.UNCHANGED
    for cells in stated:
        known = [claim for claim in offer.claims if _is_from_file(claim, cells.key)]
        if any(_says(claim, cells.values) for claim in known):
            continue
        for claim in known:
            if claim.status is ClaimStatus.DECLARED:
                withdraw_claim(actor, claim)
        issuer = offer.organisation.name if offer.organisation else ""
        declare_claim(
            actor,
            subject_of(offer),
            attribute_key=cells.key,
            statement=STATEMENT,
            issuer=issuer,
            visibility=Visibility.PUBLIC,
            **cells.values,  # type: ignore[arg-type]  # typed by `_claims`
        )
        outcome = Outcome.UPDATED
    return outcome


def _is_from_file(claim: Claim, key: str) -> bool:
    return (
        claim.attribute_key == key
        and claim.statement == STATEMENT
        and claim.status is not ClaimStatus.WITHDRAWN
    )


def _says(claim: Claim, values: Mapping[str, object]) -> bool:
    shown = {piece.url or "" for piece in claim.evidence} or {""}
    said = {name: value for name, value in values.items() if name != "evidence_url"}
    same = all(getattr(claim, name) == value for name, value in said.items())
    return same and values["evidence_url"] in shown
