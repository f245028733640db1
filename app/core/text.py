"""Text as people type it and as lists search and sort it: one French normaliser for the whole portal.

The folding itself is that of `matching`, so that a list and the engine never read a word differently. Lists
sort by a folded column rather than by a collation: PyICU is built against a C library that each host would
have to install, SQLite could not index its order, and PostgreSQL's own collations differ from host to host. A
folded column is compared byte by byte, the same on both databases, and gives the order that readers of French
expect at the level of letters (É among the E, œ as oe); names that differ by accents alone follow each other.
"""

import re

from matching.folding import compose, fold

__all__ = ["cleaned", "fold", "search_key", "search_text", "search_words"]

MOST_WORDS = 20
"""Words of a search that count: beyond, one is pasting a document."""
_NOT_A_WORD = re.compile(r"(?:[^\w+&#@]|_)+")
_COMPOUND = re.compile(r"\w+(?:-\w+)+")


def cleaned(text: str) -> str:
    """A typed text as it is kept: composed, without invisible characters nor blanks around it."""
    return compose(text).strip()


def search_key(text: str) -> str:
    """What a name is sorted by and compared with: its folded words, a space between them."""
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def search_text(*parts: str) -> str:
    """What a search looks into: the key of the parts, and their compounds also in one word (Wi-Fi, wifi)."""
    joined = " ".join(parts)
    compounds = (found.replace("-", "") for found in _COMPOUND.findall(fold(joined)))
    return " ".join(dict.fromkeys([search_key(joined), *compounds])).strip()


def search_words(text: str) -> list[str]:
    """The words one searches with, each to be found in a `search_text`; MOST_WORDS at most."""
    return list(dict.fromkeys(search_key(text).split()))[:MOST_WORDS]
