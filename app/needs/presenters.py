"""What a reader sees of the parts of a need that are not for everyone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.needs.enums import FIELDS_OF_PART, Audience, Part, meant_for
from app.needs.models import Need
from app.needs.spec import NEED


@dataclass(frozen=True, slots=True)
class ReadPart:
    """`shown`: (label, text) of what is said, the label "" where the title already says it. `readers` tells
    the administration who else reads it."""

    title: str
    shown: tuple[tuple[str, str], ...]
    readers: str


def readers_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Who reads each field that is not for everyone; the settings themselves are the administration's."""
    meant = meant_for(content.get("audiences") or {})
    kept = [part for part in Part if meant[part] is not Audience.PUBLIC]
    named = {name: meant[part].label for part in kept for name in FIELDS_OF_PART[part]}
    return {**named, "audiences": ""}


def parts_for(need: Need, reader: Audience) -> tuple[ReadPart, ...]:
    """The parts meant for this reader in which something is said, in their order."""
    meant = meant_for(need.audiences)
    content = NEED.content_of(need)
    found = []
    for part in Part:
        if not reader.reads(meant[part]):
            continue
        names = FIELDS_OF_PART[part]
        fields = [field for field in NEED.fields if field.name in names]
        said = [(str(field.label), field.show(content[field.name])) for field in fields]
        shown = tuple((label if len(names) > 1 else "", text) for label, text in said if text)
        if shown:
            readers = _("Lu par : %(readers)s.", readers=meant[part].label) if reader is Audience.TEAM else ""
            found.append(ReadPart(part.label, shown, readers))
    return tuple(found)
