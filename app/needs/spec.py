"""What a need says, field by field: the same for its form, its versions, their differences and merging."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from app.content.spec import Choice, Day, Field, Flag, Levels, LongText, Many, Number, Spec
from app.core.checks import text_errors
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.needs.enums import Audience, Part, RequiredLevel
from app.needs.models import Need, NeedDraft, NeedRequirement, NeedVersion
from app.reference.models import Category, Criterion
from app.reference.queries import (
    categories_by_code,
    category_labels,
    criteria,
    criterion_labels,
    language_labels,
)

MOST_USERS = 10_000_000


class NeedContent(TypedDict, total=False):
    """What may be written about a need. `categories` are CPV codes, `requirements` maps criterion keys,
    `audiences` the parts of the need to who reads them."""

    title: str
    description: str
    language: str
    users_count: int | None
    deadline_on: date | None
    budget_range: str
    measure: str
    context: str
    contract_holder: str
    contract_product: str
    contract_ends_on: date | None
    contract_exit: str
    audiences: Mapping[str, str]
    sensitive_data: bool
    categories: Sequence[str]
    requirements: Mapping[str, RequiredLevel]


def _level_labels(levels: Iterable[str]) -> Mapping[str, str]:
    return {level: RequiredLevel(level).label for level in levels if level in set(RequiredLevel)}


def _part_labels(parts: Iterable[str]) -> Mapping[str, str]:
    return {part: Part(part).label for part in parts if part in set(Part)}


def _audience_labels(audiences: Iterable[str]) -> Mapping[str, str]:
    return {audience: Audience(audience).label for audience in audiences if audience in set(Audience)}


def check(need: Need, values: Mapping[str, Any]) -> None:
    """Raise RuleBroken naming every field that the need cannot hold: a draft may say more.

    A criterion retired since the need asked for it stays; nobody may ask for it any more."""
    fields = text_errors(Need, values)
    if not str(values.get("title") or "").strip():
        fields["title"] = _("Donnez un titre à votre besoin.")
    users = values.get("users_count")
    if users is not None and not 0 < users <= MOST_USERS:
        fields["users_count"] = _("Saisissez un nombre entre 1 et %(n)d.", n=MOST_USERS)
    codes = list(values.get("categories") or ())
    unknown = [code for code in codes if code not in categories_by_code(codes)]
    if unknown:
        fields["categories"] = _("Catégorie inconnue : %(code)s.", code=", ".join(unknown))
    kept = {row.criterion_key for row in need.requirements}
    refusal = _requirement_error(set(values.get("requirements") or ()) - kept)
    if refusal:
        fields["requirements"] = refusal
    audiences = values.get("audiences") or {}
    if not (set(audiences) <= set(Part) and set(audiences.values()) <= set(Audience)):
        fields["audiences"] = _("Choisissez qui lit chaque partie du besoin.")
    if fields:
        raise RuleBroken(fields=fields)


def _requirement_error(asked: set[str]) -> str:
    known = {row.key: row for row in criteria()}
    for key in sorted(asked):
        if key not in known:
            return _("Critère inconnu : %(key)s.", key=key)
        if known[key].retired_at is not None:
            return _("Le critère « %(name)s » est retiré : ne l’exigez plus.", name=known[key].label)
    return ""


def _read(need: Need) -> Mapping[str, Any]:
    simple = {name: getattr(need, name) for name in _SIMPLE}
    return {
        **simple,
        "categories": [row.code for row in need.categories],
        "requirements": {row.criterion_key: row.level for row in need.requirements},
    }


def _write(need: Need, values: Mapping[str, Any]) -> None:
    check(need, values)
    for name in _SIMPLE:
        value = values[name]
        setattr(need, name, value.strip() if isinstance(value, str) else value)
    rows: Mapping[str, Category] = categories_by_code(values["categories"])
    need.categories = list(rows.values())
    named: Mapping[str, Criterion] = {row.key: row for row in criteria()}
    kept = {row.criterion_key: row for row in need.requirements}
    need.requirements = [
        _at_level(
            kept.get(key) or NeedRequirement(criterion_key=key, criterion=named[key]), RequiredLevel(level)
        )
        for key, level in values["requirements"].items()
    ]


def _at_level(requirement: NeedRequirement, level: RequiredLevel) -> NeedRequirement:
    requirement.level = level
    return requirement


_SIMPLE = (
    *("title", "description", "language", "users_count", "deadline_on", "budget_range", "sensitive_data"),
    *("measure", "context", "contract_holder", "contract_product", "contract_ends_on", "contract_exit"),
    "audiences",
)

NEED: Spec[Need] = Spec(
    fields=(
        Field("title", _l("Votre besoin, en une phrase")),
        LongText("description", _l("Ce dont vous avez besoin")),
        LongText("measure", _l("Comment le résultat sera mesuré")),
        Number("users_count", _l("Nombre d’utilisateurs")),
        Day("deadline_on", _l("Échéance souhaitée")),
        Field("budget_range", _l("Budget, si vous pouvez le dire")),
        LongText("context", _l("L’existant, et ce qui doit s’y raccorder")),
        Field("contract_holder", _l("Titulaire du contrat en cours")),
        Field("contract_product", _l("Produit ou service en place")),
        Day("contract_ends_on", _l("Fin du contrat en cours")),
        LongText("contract_exit", _l("Conditions de sortie du contrat en cours")),
        Levels("audiences", _l("Qui lit quoi"), words=_part_labels, values=_audience_labels),
        Many("categories", _l("Catégories d’achat (CPV)"), words=category_labels),
        Flag("sensitive_data", _l("Des données d’une sensibilité particulière sont en jeu")),
        Levels("requirements", _l("Critères impératifs"), words=criterion_labels, values=_level_labels),
        Choice("language", _l("Langue"), empty="fr", words=language_labels),
    ),
    versions=NeedVersion,
    drafts=NeedDraft,
    read=_read,
    write=_write,
)
