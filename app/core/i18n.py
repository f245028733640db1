"""Thin door to Flask-Babel (unchanged since 2023), so that one file changes if it must be replaced."""

from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    lazy_gettext,
)
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

LANGUAGES = {"fr": "Français", "en": "English"}
babel = Babel()

__all__ = [
    "LANGUAGES",
    "babel",
    "current_language",
    "force_locale",
    "format_date",
    "format_datetime",
    "format_decimal",
    "gettext",
    "lazy_gettext",
    "localised",
    "ngettext",
]


def gettext(message: str, **values: object) -> str:
    """`message` in the reader's language, its %(name)s filled in."""
    return str(_gettext(message, **values))


def ngettext(one: str, several: str, count: int, **values: object) -> str:
    """The form that suits `count`, which fills %(num)s.

    The texts being French, French has no catalogue, and without one gettext counts zero as several."""
    if current_language() == "fr":
        return (one if abs(count) < 2 else several) % {"num": count, **values}
    return str(_ngettext(one, several, count, **values))


def current_language() -> str:
    """Two-letter code of the reader's language; French outside a request."""
    locale = get_locale()
    return locale.language if locale is not None else "fr"


def localised(french: str, english: str) -> str:
    """The text of a bilingual row in the reader's language, French where the English is missing."""
    return english if current_language() == "en" and english else french
