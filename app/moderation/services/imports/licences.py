"""Licences as lists write them, turned into SPDX expressions."""

import re

from app.core.errors import RuleBroken
from app.offers.spec import checked_licence

_ALIASES = {
    **{"bsd-3.0": "BSD-3-Clause", "cpa": "CPAL-1.0", "lgpl-2": "LGPL-2.0"},
    # The name alone means the latest version at the time of writing; the EUPL allows later ones by itself.
    **{"cecill": "CECILL-2.1", "eupl": "EUPL-1.2", "eupl-1.2-or-later": "EUPL-1.2", "apache": "Apache-2.0"},
}
_CHOICE = re.compile(r"\s*[,/]\s*")


def spdx_of(written: str) -> str | None:
    """The SPDX expression of "GPL V2.0", "LGPL-3.0, MPL-2.0" (one or the other)... or None when unknown."""
    choices = [[_tidy(part) for part in choice.split(" et ")] for choice in _CHOICE.split(written)]
    try:
        return checked_licence(" OR ".join(" AND ".join(parts) for parts in choices))
    except RuleBroken:
        return None


def _tidy(part: str) -> str:
    text = re.sub(r"^GNU\s+(?=A?L?GPL)", "", part.strip(), flags=re.IGNORECASE)
    text = re.sub(r"(?<=GPL)\s*[vV]?(?=\d)", "-", text)  # "GPLv3", "GPL3"
    text = re.sub(r"[\s-]+v?(?=\d)", "-", text, flags=re.IGNORECASE)  # "GPL V2.0", "LGPL-v2.1", "MPL 2.0"
    text = _ALIASES.get(text.lower(), text)
    return f"{text}.0" if re.fullmatch(r"A?L?GPL-\d", text) else text
