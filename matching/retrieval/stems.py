"""Texts to words and stems: folded first, then stemmed, the same for needs and offers.

Folding first, so that `cybersecurite` and `cybersécurité` share a stem: Snowball's rules (Porter 2001) read
accents. Words that are written in several ways (wi-fi, open source) are joined; C++, C# and R&D are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from matching.folding import fold

KEPT_TEXTS = 2_048
"""Texts whose words stay at hand for explanations."""
KEPT_PIECES = 50_000

_WORD = re.compile(r"[a-z]\+\+|[a-z]#|\b[a-z]&[a-z]\b|[^\W_]+(?:-[^\W_]+)*")
_WRITTEN = re.compile(r"[\w&+#.’'\u00ad-]+")
_ELISION = re.compile(r"[’']")
_PREFIX_WORDS = """
anti audio auto back bio chat co cyber data e front geo help hydro inter meta micro mono multi net open post
pre re sur tele video visio web wi work
"""
_PREFIXES = frozenset(_PREFIX_WORDS.split())
_APART = frozenset(
    {"back office", "chat bot", "data center", "front office", "help desk", "open data", "open source"}
    | {"web mail", "web conference", "wi fi", "work flow"}
)
"""Words also written apart, joined as when written together."""
_APART_FIRST = frozenset(pair.split()[0] for pair in _APART)
_FRENCH_WORDS = """
a afin ai ainsi alors après au aucun aucune auprès auquel aussi autant autre autres aux avant avec avoir
à c car ce ceci cela celle celles celui cependant certaines certains ces cet cette ceux chaque chez
comme comment d dans de depuis des dès donc dont du duquel elle elles en encore entre est et eu eux
également étaient était étant été être faire fait hors ici il ils j je jusqu jusque l la laquelle là le
lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais me mes même moi mon n ne ni
nos notamment notre nous on ont ou où par parmi pas pendant peu peut peuvent plus plusieurs pour pouvoir
puis puisqu puisque qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans se selon
sera seront ses si soit son sont sous sur t ta tant te tel telle tels tes toi ton toujours tous tout
toute toutefois toutes très tu un une vers via vos votre vous y
"""
_ENGLISH_WORDS = """
a about after against all also among an and any are as at be because been before between both but by can
do does during each either every few for from has have how however i if in into is it its many may more
most neither no not of on one only or other our out over per s same several should since so some such t
than that the their them then there therefore these they this those through to too under until up upon
use used using very via was we were what when where which while who will with within without would you
your
"""
_FRENCH_STOPS = frozenset(fold(word) for word in _FRENCH_WORDS.split())
_ENGLISH_STOPS = frozenset(_ENGLISH_WORDS.split())
_STOPS = _FRENCH_STOPS | _ENGLISH_STOPS
_AMBIGUOUS = (_FRENCH_STOPS & _ENGLISH_STOPS) | {"to", "on", "as", "or", "but", "me", "sur", "at", "in"}
"""Units and words of both languages, which tell nothing: 200 To, on."""
_ENGLISH_ENDINGS = ("ing", "ware", "ship", "ly", "ity", "ness", "ery")


def words(text: str) -> Iterator[str]:
    """Words of a text in order, folded, those of one compound joined or apart as usage has it."""
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if "-" in word:
            found += _compound(word)
        else:
            found.append(word)
    position = 0
    while position < len(found):
        word = found[position]
        if word in _APART_FIRST and f"{word} {' '.join(found[position + 1 : position + 2])}" in _APART:
            yield word + found[position + 1]
            position += 2
        else:
            yield word
            position += 1


def _compound(word: str) -> list[str]:
    """wi-fi as wifi, co-édition as coédition, procès-verbal as two words."""
    parts = word.split("-")
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1] in _PREFIXES:
            joined[-1] += part
        else:
            joined.append(part)
    return joined


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(language)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Stem of a folded word; nothing for a letter alone and for an empty word."""
    if len(word) < 2 or word in _STOPS:
        return ""
    if not word.isalpha():
        return word
    stemmed: str = _stemmer("english" if language == "en" else "french").stemWord(word)
    return stemmed


def tokens(text: str, language: str = "fr") -> list[str]:
    """Stems of the text in order, without the empty words of French and English.

    A word of a third language or script is kept as it is written, folded. `language` chooses the stemmer.
    """
    return [found for word in words(text) if (found := stem(word, language))]


@lru_cache(maxsize=KEPT_PIECES)
def _single(piece: str, language: str) -> str:
    """The stem of what is one word; nothing for several, or none."""
    found = tokens(piece, language)
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=KEPT_TEXTS)
def written_words(text: str, language: str) -> Mapping[str, str]:
    """Each stem of a text and the first word written that has it."""
    written: dict[str, str] = {}
    for word in _WRITTEN.findall(text):
        for piece in (*_ELISION.split(word), word, *word.split("-")):
            found = _single(piece, language)
            if found:
                written.setdefault(found, piece.strip("’'.-"))
    return MappingProxyType(written)


def detect_language(text: str) -> str:
    """ "fr" or "en"; "fr" when nothing tells."""
    french, english = language_votes(text)
    return "en" if english > french else "fr"


def language_votes(text: str) -> tuple[int, int]:
    """Signs of French and of English: empty words of one language alone, French accents, and English endings
    where no empty word tells.
    """
    head = text[:2_000]
    found = [word for word in re.findall(r"[^\W\d_]+", fold(head)) if word not in _AMBIGUOUS]
    french = sum(word in _FRENCH_STOPS for word in found) + sum(c in "éèêàùçôîœ" for c in head.lower())
    english = sum(word in _ENGLISH_STOPS for word in found)
    if not french and not english:
        english = sum(word.endswith(_ENGLISH_ENDINGS) for word in found)
    return french, english
