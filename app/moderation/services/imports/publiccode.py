"""A `publiccode.yml`, the description of a public software kept beside its code (standard of publiccode.net;
versions 0.2 to 0.5 are read, country extensions are left aside). One file is one free software."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.content.enums import Nature
from app.core.checks import is_web_address
from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Outcome
from app.moderation.services.imports.dates import parse_day
from app.moderation.services.imports.encodings import decode
from app.moderation.services.imports.licences import spdx_of
from app.moderation.services.imports.reading import Reading, SourceRow
from app.offers.enums import OfferKind, OfferStatus
from app.offers.queries import find_offer_by_import_key
from app.offers.services import create_offer, edit_offer, publish_offer
from app.permissions import Actor

COLUMNS = {
    "name": "name",
    "summary": "description.shortDescription",
    "licence": "legal.license",
    "website": "landingURL",
}
PREFERRED = ("fr", "en")  # the language kept when a file is written in several


def read(data: bytes, _file_name: str) -> Reading:
    """The one software of the file. Raises RuleBroken on field `file`, with the line, for what is no YAML
    mapping."""
    from yaml import MappingNode, SafeLoader, YAMLError

    loader = SafeLoader(decode(data).text)
    try:
        node = loader.get_single_node()
        values: Any = loader.construct_document(node) if isinstance(node, MappingNode) else {}
    except (YAMLError, RecursionError, ValueError) as error:
        raise _unreadable(error) from error
    if not isinstance(node, MappingNode) or "publiccodeYmlVersion" not in values:
        raise _not_publiccode()
    lines = {key.value: key.start_mark.line + 1 for key, _value in node.value}
    address = str(values.get("url") or values.get("name") or "")
    return Reading([SourceRow(lines.get("name", 1), address, {"document": values, "lines": lines})])


def save(actor: Actor, values: Mapping[str, Any]) -> Outcome:
    """Create or change the software's offer, then publish it. RuleBroken names each field and its line."""
    document, lines = values["document"], values["lines"]
    faults = dict(_faults(document))
    if faults:
        raise RuleBroken(fields={_placed(path, lines): text for path, text in faults.items()})
    key = f"publiccode:{document.get('url') or document['name']}"[:160]
    offer = find_offer_by_import_key(key)
    content = _content(document, offer.source_on if offer else None)
    if offer is None:
        offer = create_offer(
            actor, organisation=None, kind=OfferKind.FREE_SOFTWARE, import_key=key, **content
        )
        outcome = Outcome.CREATED
    else:
        changed = edit_offer(actor, offer, note=content["source"], nature=Nature.CORRECTION, **content)
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
    if offer.status is OfferStatus.DRAFT:  # one withdrawn on purpose stays so
        publish_offer(actor, offer, note=content["source"])
    return outcome


def _faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not _text(document, "name"):
        yield "name", str(_("Cette valeur est obligatoire."))
    if not _languages(document):
        yield "description", str(_("Il faut une description dans une langue au moins."))
    licence = _text(_mapping(document, "legal"), "license")
    if not licence:
        yield "legal.license", str(_("Cette valeur est obligatoire."))
    elif spdx_of(licence) is None:
        yield "legal.license", str(_("Licence inconnue : « %(licence)s ».", licence=licence))


def _content(document: Mapping[str, Any], known_on: date | None) -> dict[str, Any]:
    described = _languages(document)
    language = next((name for name in PREFERRED if name in described), next(iter(described)))
    told = described[language]
    short = _text(told, "shortDescription")
    address = _text(document, "url")
    website = _text(document, "landingURL") or address
    return {
        "name": _text(document, "name"),
        "summary": (short or _text(told, "genericName"))[:500],
        "description": "\n\n".join(_paragraphs(told)),
        "language": language,
        "licence": spdx_of(_text(_mapping(document, "legal"), "license")),
        "website": website if is_web_address(website) else "",
        "source": f"publiccode.yml, {address}" if address else "publiccode.yml",
        # A file without a date of its own speaks of the day it was first read.
        "source_on": _dated(document) or known_on or today(),
    }


def _paragraphs(told: Mapping[str, Any]) -> list[str]:
    features = told.get("features")
    listed = [str(item).strip() for item in features] if isinstance(features, list) else []
    found = [_text(told, "longDescription"), _text(told, "shortDescription"), "\n".join(listed)]
    return [text for text in dict.fromkeys(found) if text]


def _languages(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Language (two letters) -> its description, for those that say anything."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, told in _mapping(document, "description").items():
        code = re.match(r"[a-z]{2}(?=$|[-_])", str(name).lower())
        if code and isinstance(told, dict) and _paragraphs(told):
            found.setdefault(code[0], told)
    return found


def _dated(document: Mapping[str, Any]) -> date | None:
    for name in ("releaseDate", "creationDate"):
        try:
            return parse_day(_text(document, name))
        except ValueError:
            continue
    return None


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return str(value).strip() if isinstance(value, str | int | float | date) else ""


def _placed(path: str, lines: Mapping[str, int]) -> str:
    line = lines.get(path.partition(".")[0])
    return path if line is None else str(_("%(field)s (ligne %(line)s)", field=path, line=line))


def _unreadable(error: Exception) -> RuleBroken:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _not_publiccode()
    message = _(
        "Ce fichier n’est pas un YAML lisible : ligne %(line)s, colonne %(column)s.",
        line=mark.line + 1,
        column=mark.column + 1,
    )
    return RuleBroken(fields={"file": str(message)})


def _not_publiccode() -> RuleBroken:
    message = _("Ce fichier n’est pas un publiccode.yml : il y manque la ligne publiccodeYmlVersion.")
    return RuleBroken(fields={"file": str(message)})
