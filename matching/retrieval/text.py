"""Texts to passages.

Passage 0 is the whole offer; the next ones are windows of sentences, so that an explanation can quote them.
The whole offer is also read as its purpose: what it does, without the name it bears, as a need would say it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

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
_SPACE = re.compile(r"\s+")
_AFTER_NAME = " .,:;–—-"


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
