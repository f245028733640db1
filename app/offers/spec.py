"""What an offer says, field by field: the same for its form, its versions, their differences and merging."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from app.content.spec import Choice, Day, Field, LongText, Many, Number, Spec
from app.core.checks import is_web_address, text_errors, web_address_error
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.offers.enums import OfferKind
from app.offers.models import Offer, OfferDraft, OfferVersion
from app.reference.queries import categories_by_code, category_labels, language_labels
from app.reference.services import spdx

LONGEST_LEAD_TIME_DAYS = 3650
# A change of one of these asks that what was verified be confirmed, unless its author calls it a correction.
VERIFIED_ON = frozenset({"description", "hosting", "subcontractors", "licence"})


class OfferContent(TypedDict, total=False):
    """What may be written about an offer; what is left out keeps its value. `categories` are CPV codes,
    `licence` an SPDX expression."""

    name: str
    summary: str
    description: str
    hosting: str
    subcontractors: str
    categories: Sequence[str]
    language: str
    licence: str | None
    website: str
    price_note: str
    lead_time_days: int | None
    users_scope: str
    circle: int | None
    source: str
    source_on: date | None


def _circles(keys: Iterable[str]) -> Mapping[str, str]:
    return {key: _("La Suite : cercle %(n)s", n=key) for key in keys}


def checked_licence(expression: str | None) -> str | None:
    """A licence in its SPDX form, or None when empty. Raises RuleBroken on field `licence`."""
    if not expression or not expression.strip():
        return None
    from license_expression import ExpressionError

    try:
        return str(spdx().parse(expression.strip(), validate=True))
    except (ExpressionError, AttributeError) as error:
        message = _("Licence inconnue : écrivez son identifiant SPDX, par exemple AGPL-3.0-only ou EUPL-1.2.")
        raise RuleBroken(fields={"licence": message}) from error


def checked(kind: OfferKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as an offer holds them. Raises RuleBroken naming every field at fault."""
    found: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    fields = text_errors(Offer, found)
    if not found["name"]:
        fields["name"] = _("Donnez un nom à cette offre.")
    if found["website"] and not is_web_address(found["website"]):
        fields["website"] = web_address_error()
    if not 0 <= (found["lead_time_days"] or 0) <= LONGEST_LEAD_TIME_DAYS:
        fields["lead_time_days"] = _("Saisissez un nombre de jours, de 0 à %(n)d.", n=LONGEST_LEAD_TIME_DAYS)
    if found["circle"] and (kind is not OfferKind.MUTUALISED or found["circle"] not in {1, 2, 3}):
        fields["circle"] = _("Le cercle, de 1 à 3, ne concerne que les solutions mutualisées.")
    try:
        found["licence"] = checked_licence(found["licence"])
    except RuleBroken as error:
        fields.update(error.fields)
    unknown = [code for code in found["categories"] if code not in categories_by_code(found["categories"])]
    if unknown:
        fields["categories"] = _("Catégorie inconnue : %(code)s.", code=", ".join(unknown))
    if fields:
        raise RuleBroken(fields=fields)
    return found


def _read(offer: Offer) -> Mapping[str, Any]:
    simple = {field.name: getattr(offer, field.name) for field in OFFER.fields if field.name != "categories"}
    return {**simple, "categories": [row.code for row in offer.categories]}


def _write(offer: Offer, values: Mapping[str, Any]) -> None:
    found = checked(offer.kind, values)
    offer.categories = list(categories_by_code(found.pop("categories")).values())
    for name, value in found.items():
        setattr(offer, name, value)


OFFER: Spec[Offer] = Spec(
    fields=(
        Field("name", _l("Nom de l’offre")),
        Field("summary", _l("En une phrase")),
        LongText("description", _l("Description")),
        LongText("hosting", _l("Hébergement")),
        LongText("subcontractors", _l("Sous-traitants")),
        Many("categories", _l("Catégories d’achat (CPV)"), words=category_labels),
        Field("price_note", _l("Prix")),
        Number("lead_time_days", _l("Délai de mise en service, en jours")),
        Field("licence", _l("Licence, si le code est libre")),
        Field("website", _l("Page de l’offre")),
        Field("users_scope", _l("Pour qui")),
        Number("circle", _l("Cercle de La Suite")),
        Field("source", _l("Source des informations")),
        Day("source_on", _l("Relevées le")),
        Choice("language", _l("Langue de la description"), empty="fr", words=language_labels),
    ),
    versions=OfferVersion,
    drafts=OfferDraft,
    read=_read,
    write=_write,
)
