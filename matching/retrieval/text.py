"""Texts to passages, and texts to stems.

Passage 0 is the whole offer; the next ones are windows of sentences, so that an explanation can quote them.
The whole offer is also read as its purpose: what it does, without the name it bears, as a need would say it.
Stems are those of Snowball (Porter 2001) for French and English, with accents folded after stemming.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from matching.retrieval.types import Need, Offer

WHOLE_LIMIT_CHARS = 4_000
PURPOSE_CHARS = 300
"""An offer says early what it is for: its first words do as well as all of them, and cost far less."""
WINDOW_CHARS = 380
WINDOWS_FROM_CHARS = 480
MAX_WINDOWS = 12
KEPT_OFFERS = 2_048
"""Offers whose passages and words stay at hand for explanations."""

_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\s*\n+\s*")
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
_AFTER_NAME = " .,:;–—-"
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
_FRENCH_STOPS = frozenset(_FRENCH_WORDS.split())
_ENGLISH_STOPS = frozenset(_ENGLISH_WORDS.split())


def clean(text: str) -> str:
    """One line, no control characters, single spaces."""
    line = _SPACE.sub(" ", unicodedata.normalize("NFC", text))
    if not line.isprintable():
        line = _SPACE.sub(" ", "".join(c if c.isprintable() else " " for c in line))
    return line.strip()


def is_blank(text: str) -> bool:
    """Whether nothing in the text carries meaning: only spaces, controls or punctuation."""
    return not any(unicodedata.category(c)[0] in "LNS" for c in text)


def join_parts(*parts: str) -> str:
    """Parts one after the other, each ending a sentence, a part already opening the next one left out."""
    joined = ""
    for part in reversed([clean(part) for part in parts]):
        if part and not joined.casefold().startswith(part.rstrip(".").casefold()):
            end = "" if part[-1] in ".!?…:;" else "."
            joined = f"{part}{end} {joined}" if joined else part
    return joined


def offer_text(offer: Offer) -> str:
    """The whole offer as one text, at most WHOLE_LIMIT_CHARS characters."""
    return join_parts(offer.name, offer.summary, offer.description)[:WHOLE_LIMIT_CHARS]


def need_text(need: Need) -> str:
    """The whole need as one text, at most WHOLE_LIMIT_CHARS characters."""
    return join_parts(need.title, need.text)[:WHOLE_LIMIT_CHARS]


@dataclass(frozen=True, slots=True)
class OfferText:
    """A text of an offer to encode; `purpose` is the same read as a need, nothing for a window."""

    text: str
    purpose: str = ""


def purpose(offer: Offer) -> str:
    """How the offer begins without its name, which tells nothing of what it does; its name when that is all
    there is.
    """
    name, body = clean(offer.name), join_parts(offer.summary, offer.description)
    if name and body.casefold().startswith(name.casefold()) and not body[len(name) : len(name) + 1].isalnum():
        body = body[len(name) :].lstrip(_AFTER_NAME)
    return (body or name)[:PURPOSE_CHARS]


def offer_texts(offer: Offer) -> list[OfferText]:
    """Everything to encode of an offer, a row each: the whole with its purpose, then the windows."""
    whole, *windows = passages(offer)
    return [OfferText(whole, purpose(offer)), *(OfferText(window) for window in windows)]


def sentences(text: str) -> list[str]:
    """Sentences of at most WINDOW_CHARS characters; a longer one is cut at spaces."""
    pieces: list[str] = []
    for raw in _SENTENCE_END.split(text):
        sentence = clean(raw)
        while len(sentence) > WINDOW_CHARS:
            cut = sentence.rfind(" ", WINDOW_CHARS // 2, WINDOW_CHARS)
            cut = cut if cut > 0 else WINDOW_CHARS
            pieces.append(sentence[:cut].strip())
            sentence = sentence[cut:].strip()
        if sentence:
            pieces.append(sentence)
    return pieces


def passages(offer: Offer) -> list[str]:
    """Texts to encode for an offer: the whole, then up to MAX_WINDOWS windows. Same offer, same texts."""
    return list(_passages(offer_text(offer), offer.summary, offer.description))


@lru_cache(maxsize=KEPT_OFFERS)
def _passages(whole: str, summary: str, description: str) -> tuple[str, ...]:
    if len(whole) < WINDOWS_FROM_CHARS:
        return (whole,)
    body = "\n".join(part for part in (summary, description) if part)[: WHOLE_LIMIT_CHARS * 2]
    windows: list[str] = []
    for sentence in sentences(body):
        if windows and len(windows[-1]) + len(sentence) < WINDOW_CHARS:
            windows[-1] = f"{windows[-1]} {sentence}"
        else:
            windows.append(sentence)
    return (whole, *(w for w in windows[:MAX_WINDOWS] if not is_blank(w)))


def fold(word: str) -> str:
    """The word without accents, in lower case."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(language)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    """Stem of a word in lower case; nothing for a letter alone and for an empty word."""
    if len(word) < 2 or word in _FRENCH_STOPS or word in _ENGLISH_STOPS:
        return ""
    stem: str = _stemmer("english" if language == "en" else "french").stemWord(word)
    return fold(stem)


def tokens(text: str, language: str = "fr") -> list[str]:
    """Stems of the text in order, without the empty words of French and English.

    A word of a third language or script is kept as it is written, folded. `language` chooses the stemmer.
    """
    return [stem for word in _WORD.findall(text.lower()) if (stem := _stem(word, language))]


@lru_cache(maxsize=KEPT_OFFERS)
def written_words(text: str, language: str) -> Mapping[str, str]:
    """Each stem of a text and the first word written that has it."""
    written: dict[str, str] = {}
    for word in _WORD.findall(text):
        if stem := _stem(word.lower(), language):
            written.setdefault(stem, word)
    return MappingProxyType(written)


def detect_language(text: str) -> str:
    """ "fr" or "en"; "fr" when nothing tells."""
    french, english = language_votes(text)
    return "en" if english > french else "fr"


def language_votes(text: str) -> tuple[int, int]:
    """Signs of French and of English: empty words of each, and French accents."""
    words = [match.group() for match in _WORD.finditer(text[:2_000].lower())]
    french = sum(w in _FRENCH_STOPS for w in words) + sum(any(c in "éèêàùçôîœ" for c in w) for w in words)
    return french, sum(w in _ENGLISH_STOPS for w in words)
