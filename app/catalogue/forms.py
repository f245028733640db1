"""What the address of a catalogue page asks for, and the facets it shows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.catalogue.engine import Choice, Passed, Selection
from app.core.countries import country_choices
from app.core.i18n import gettext as _
from app.offers.enums import OfferKind

# facet of `Choice` -> query parameter; addresses are read by people, so they are in French
PARAMETERS = {
    "kinds": "type",
    "declared": "critere",
    "verified": "verifie",
    "divisions": "categorie",
    "countries": "pays",
    "licences": "licence",
}
SORTS = ("", "nom", "recent")
LICENCES_SHOWN = 12
Group = dict[str, Any]


def read_choice(arguments: MultiDict[str, str]) -> Choice:
    """The facets ticked and the order chosen; an unknown order is the default one."""
    sort = arguments.get("tri", "")
    ticked = {name: frozenset(filter(None, arguments.getlist(key))) for name, key in PARAMETERS.items()}
    return Choice(**ticked, sort=sort if sort in SORTS else "")


def lacking_labels(passed: Passed, criteria: Sequence[Any]) -> list[str]:
    """The filters that an offer does not pass, in words."""
    by_key = {row.key: row.label for row in criteria}
    facets = {
        "kinds": _("la nature choisie"),
        "divisions": _("la catégorie d’achat choisie"),
        "countries": _("le pays choisi"),
        "licences": _("la licence choisie"),
    }
    return [
        _("« %(name)s » vérifié", name=by_key.get(option, option))
        if group == "verified"
        else facets.get(group) or _("« %(name)s »", name=by_key.get(option, option))
        for group, option in passed.lacking
    ]


def facet_groups(
    choice: Choice, selection: Selection, *, criteria: Sequence[Any], divisions: Iterable[Any]
) -> list[Group]:
    """Facets with their counts, in the order of the page; an option that leaves nothing is left out."""
    counts = selection.counts
    by_key = [(row.key, row.label) for row in criteria]
    groups = [
        ("kinds", _("Nature"), [(kind.value, kind.label) for kind in OfferKind]),
        ("declared", _("Critères, déclarés ou vérifiés"), by_key),
        ("verified", _("Critères vérifiés"), by_key),
        ("divisions", _("Catégorie d’achat"), [(row.code[:2], row.label) for row in divisions]),
        ("countries", _("Pays du fournisseur"), _countries(counts["countries"], choice.countries)),
        ("licences", _("Licence"), _licences(counts["licences"], choice.licences)),
    ]
    built = [_group(name, label, options, choice, counts[name]) for name, label, options in groups]
    return [group for group in built if group["options"]]


def proofs_of(
    proofs: Mapping[int, Mapping[str, bool]], criteria: Sequence[Any]
) -> dict[int, list[tuple[str, bool]]]:
    """Offer -> labels of the criteria it meets, in their order, and whether that is verified."""
    return {
        offer_id: [(row.label, met[row.key]) for row in criteria if row.key in met]
        for offer_id, met in proofs.items()
    }


def _group(
    name: str, label: str, options: Iterable[tuple[str, str]], choice: Choice, counts: Counter[str]
) -> Group:
    ticked: frozenset[str] = getattr(choice, name)
    return {
        "name": PARAMETERS[name],
        "label": label,
        "options": [
            {"value": value, "label": text, "count": counts[value], "checked": value in ticked}
            for value, text in options
            if counts[value] or value in ticked
        ],
    }


def _countries(counts: Counter[str], ticked: frozenset[str]) -> list[tuple[str, str]]:
    return country_choices({*counts, *ticked})


def _licences(counts: Counter[str], ticked: frozenset[str]) -> list[tuple[str, str]]:
    common = [licence for licence, _count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return [(licence, licence) for licence in dict.fromkeys([*sorted(ticked), *common[:LICENCES_SHOWN]])]
