"""The three published forms of the interministerial free software list (SILL), read into one.

The JSON list of 2022 (id, i, f, l ...), the CSV files of 2020 to 2022 (ID, nom, fonction, licence ...), and
the JSON of today's catalogue, Catalogi (id, name, license, dereferencing ...)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.services.imports.dates import parse_day
from app.moderation.services.imports.encodings import decode
from app.moderation.services.imports.tables import read_table

NAMED_AS = {"identifier": "id", "name": "i", "function": "f", "licence": "l"}
CSV_REQUIRED = ("id", "nom", "fonction", "licence")


@dataclass(frozen=True, slots=True)
class SillEntry:
    """One software of the list. `years` are those of its presence, empty when the form does not tell.

    `left_because` says why it was taken off the list; None while it stands there. `is_libre` is None when the
    form does not say."""

    identifier: str
    name: str
    function: str = ""
    licence: str = ""
    description_fr: str = ""
    description_en: str = ""
    website: str = ""
    sector: str = ""
    category: str = ""
    usage: str = ""
    parent: str = ""
    years: tuple[int, ...] = ()
    is_libre: bool | None = None
    updated_on: date | None = None
    left_because: str | None = None
    left_on: date | None = None


def read_entries(data: bytes) -> list[tuple[int, SillEntry]]:
    """(line or rank from 1, software) of a list in any of its forms. Raises RuleBroken on field `file`."""
    if data.lstrip()[:1] not in {b"[", b"{"}:
        table = read_table(data, required=CSV_REQUIRED)
        return [(line, _from_csv(values)) for line, values in table.rows]
    items = _items(data)
    form = _form_of(items)
    return [(rank, form(item)) for rank, item in enumerate(items, start=1)]


def _items(data: bytes) -> list[dict[str, Any]]:
    try:
        items = json.loads(decode(data).text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _expected() from error
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise _expected()
    return items


def _form_of(items: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], SillEntry]:
    for form, required in ((_from_2022, ("id", "i", "f", "l")), (_from_catalogi, ("id", "name"))):
        if any(all(name in item for name in required) for item in items):
            return form
    raise _expected()


def _from_2022(item: Mapping[str, Any]) -> SillEntry:
    return SillEntry(
        identifier=_text(item, "id"),
        name=_text(item, "i"),
        function=_text(item, "f"),
        licence=_text(item, "l"),
        description_fr=_text(item, "fr-desc"),
        description_en=_text(item, "en-desc"),
        website=_text(item, "website"),
        sector=_text(item, "se"),
        category=_text(item, "c"),
        usage=_text(item, "u"),
        parent=_text(item, "p"),
        years=_years(_text(item, "y")),
    )


def _from_csv(values: Mapping[str, str]) -> SillEntry:
    return SillEntry(
        identifier=values["id"],
        name=values["nom"],
        function=values["fonction"],
        licence=values["licence"],
        sector=values.get("secteur", ""),
        category=values.get("composant", ""),
        usage=values.get("contexte_usage", ""),
        parent=values.get("parent", ""),
        years=_years(values.get("annees", "")),
    )


def _from_catalogi(item: Mapping[str, Any]) -> SillEntry:
    told, left = item.get("description"), item.get("dereferencing")
    described: Mapping[str, Any] = told if isinstance(told, dict) else {"fr": told}
    gone: Mapping[str, Any] | None = left if isinstance(left, dict) else None
    libre = item.get("isLibreSoftware")
    return SillEntry(
        identifier=_text(item, "id"),
        name=_text(item, "name"),
        function=_text(item, "function") or _text(described, "fr"),
        licence=_text(item, "license"),
        description_fr=_text(described, "fr"),
        description_en=_text(described, "en"),
        website=_text(item, "url"),
        usage=", ".join(str(word) for word in item.get("keywords") or ()),
        is_libre=libre if isinstance(libre, bool) else None,
        updated_on=_day(item, "updateTime") or _day(item, "addedTime"),
        left_because=None if gone is None else _text(gone, "reason") or str(_("sans raison donnée")),
        left_on=None if gone is None else _day(gone, "time"),
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value).strip() if value is not None else ""


def _day(item: Mapping[str, Any], name: str) -> date | None:
    try:
        return parse_day(_text(item, name))
    except ValueError:
        return None


def _years(text: str) -> tuple[int, ...]:
    return tuple(int(year) for year in re.findall(r"\b20\d\d\b", text))


def _expected() -> RuleBroken:
    message = _(
        "Ce fichier n’est pas une liste du SILL : il faut le JSON de 2022 (%(fields)s), celui de Catalogi "
        "(id, name, license) ou un CSV (%(columns)s).",
        fields=", ".join(NAMED_AS.values()),
        columns=", ".join(CSV_REQUIRED),
    )
    return RuleBroken(fields={"file": str(message)})
