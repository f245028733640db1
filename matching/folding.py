"""The one folding of French text, by which texts are searched, sorted, indexed and made into addresses.

Two writings of the same words fold to the same text: composed or not, upper or lower case, with or without
accents, œ or oe, ’ or ', a soft hyphen, an unbreakable space, S.I.R.H. or SIRH."""

import re
import unicodedata
from collections.abc import Callable

# Letters that Unicode does not decompose, and signs people type for one another.
_WRITTEN_OUT = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip
_WRITTEN = re.compile("[" + "".join(map(chr, _WRITTEN_OUT)) + "]")
_SPACE = re.compile(r"\s+")
_LETTER = r"[^\W\d_]"
# Letters one by one with dots between, not the beginning of a longer dotted word (a.b.example).
_DOTTED = re.compile(rf"(?<![\w.]){_LETTER}(?:\.{_LETTER})+(?!\w|\.\w)\.?")


def compose(text: str) -> str:
    """The same text in composed form, without what is not seen: soft hyphens, zero-width marks, controls
    other than line breaks and tabs."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if _is_seen(c))


def fold(text: str) -> str:
    """The text in lower case without accents, ligatures written out, straight apostrophes and hyphens, single
    spaces, dotted acronyms closed. Folding twice changes nothing."""
    if not text.isascii():
        text = _without(_written_out(text), lambda character: not _is_seen(character))
        # Twice: a letter may be a capital only once decomposed, and a small one only once in lower case.
        for _again in range(2):
            decomposed = _written_out(unicodedata.normalize("NFKD", text).casefold())
            text = _without(decomposed, lambda character: unicodedata.combining(character) != 0)
            if text.isascii():
                break
    line = _SPACE.sub(" ", _written_out(text.casefold())).strip()
    return _DOTTED.sub(lambda found: found.group().replace(".", ""), line) if "." in line else line


def _written_out(text: str) -> str:
    return text.translate(_WRITTEN_OUT) if _WRITTEN.search(text) else text


def _without(text: str, left_out: Callable[[str], bool]) -> str:
    """The text without some characters: looked at once each, however long the text."""
    for character in set(text):
        if not character.isalnum() and left_out(character):
            text = text.replace(character, "")
    return text


def _is_seen(character: str) -> bool:
    return character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf")
