"""Names of countries in the reader's language, from the Unicode data that Babel carries."""

from collections.abc import Iterable

from babel import Locale

from app.core.i18n import current_language
from app.core.text import search_key


def country_name(code: str) -> str:
    return str(Locale(current_language()).territories.get(code, code))


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) pairs by name, France first."""
    named = ((code, country_name(code)) for code in codes)
    return sorted(named, key=lambda pair: (pair[0] != "FR", search_key(pair[1])))
