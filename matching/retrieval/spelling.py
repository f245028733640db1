"""How the offers write words with accents, so that a need typed without them is encoded as if it had them."""

import re
import unicodedata

from matching.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})


class Spelling:
    """Words as offers write them, in small letters; it only grows, so a reader may use it while a writer
    extends it."""

    def __init__(self) -> None:
        self._written: set[str] = set()
        self._accented: dict[str, str] = {}

    def note(self, text: str) -> None:
        """Learn the words of an offer."""
        for word in set(_WORD.findall(_plain(text).lower())) - self._written:
            self._written.add(word)
            if not word.isascii():
                self._accented.setdefault(fold(word), word)

    def restored(self, text: str) -> str:
        """The text with the accents of the offers, where none writes a word as it was typed; ligatures
        are written out. What is all in capitals stays: an acronym is no word."""
        return _WORD.sub(lambda found: self._restored(found.group()), _plain(text))

    def _restored(self, word: str) -> str:
        small = word.lower()
        if small in self._written or (word.isupper() and len(word) > 1):
            return word
        known = self._accented.get(fold(small), small)
        return known.capitalize() if word[0].isupper() else known


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_LIGATURES)
