"""From bytes to text: the encodings that office software of the last thirty years writes."""

import codecs
import re
from dataclasses import dataclass

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _

# Without a mark, UTF-8 is tried first: a text in another encoding is almost never valid UTF-8.
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f]"
)  # no text holds them; tab and line breaks are not among them
_NAMES = {"cp1252": "Windows-1252", "mac_roman": "Mac OS Roman", "utf-16": "UTF-16"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and a sentence saying which encoding was understood when it had to be guessed."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Text in UTF-8 or UTF-16, else in the likelier of Windows-1252 and Mac OS Roman.

    Raises RuleBroken on field `file` for an empty file and for anything that is not text."""
    if not data.strip():
        raise RuleBroken(fields={"file": str(_("Ce fichier est vide."))})
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(marked)
    except UnicodeDecodeError:
        text, marked = _guessed(data)
    if _CONTROL.search(text):
        raise not_text()
    return Decoded(text, _note(marked))


def not_text() -> RuleBroken:
    """The refusal of a file that holds no readable text."""
    message = _(
        "Ce fichier n’est pas un texte lisible : enregistrez-le en CSV, XLSX, ODS ou JSON, puis renvoyez-le."
    )
    return RuleBroken(fields={"file": str(message)})


def _guessed(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # its tables of languages take a while to read

    best = from_bytes(data, cp_isolation=["cp1252", "mac_roman"]).best()
    if best is None:
        raise not_text()
    return str(best), best.encoding


def _note(encoding: str) -> tuple[str, ...]:
    if encoding not in _NAMES:
        return ()
    return (str(_("Fichier lu en %(encoding)s.", encoding=_NAMES[encoding])),)
