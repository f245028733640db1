"""A need as the engine reads it: what it says no to left out, boilerplate set aside, buyers' words read.

Everything left out or read otherwise is told, so that it can be shown and put back. It depends on the text
and on the glossary alone: the same need is read the same everywhere, whatever the offers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from matching.folding import fold
from matching.retrieval.glossary import Found, Glossary
from matching.retrieval.stems import stem, tokens, words
from matching.retrieval.text import WHOLE_LIMIT_CHARS, clean, join_parts, sentences
from matching.retrieval.types import Expansion, Need, Reading, TermKind

KEPT_READINGS = 4_096
"""Needs are asked again whenever an offer changes; how they are read does not."""
LONG_CHARS = 1_200
"""From here on a need is read by passages: encoders read some four hundred words, and dilute them."""
SHORT_TEXT_CHARS = 60
"""Up to here a product's name need not have its capital."""
MOST_FUNCTIONS = 5

_NEGATED = re.compile(
    r"\b(?:(?:ni|sans|hors|hormis|sauf|excepté|excluant|without|except|excluding)\s+"
    r"|(?:pas|aucune?|plus|non|no)\s+(?:d['’]|de\s+|du\s+|des\s+)?"
    r"|ne\s+\w+\s+(?:pas|plus)\s+(?:d['’]|de\s+|du\s+|des\s+)?)"
    r"(?P<span>[^,;.:!?()\n]{2,80}?)(?=\s+(?:mais|et|ou|ni|pour|avec|afin|but|and|for|with)\b|[,;.:!?()\n]|$)",
    re.IGNORECASE,
)
_NOT_A_REFUSAL = re.compile(
    r"^(?:cesse|doute|délai|frais|risque|faute|seulement|plus tard|moins|compter|que|oublier|avoir|être)\b",
    re.I,
)
_ADMINISTRATIVE = re.compile(
    r"\barticles?\s+[lrd]\.?\s*\d|\bcode d\w* |\bcc[atg]?[pg]\b|pouvoir adjudicateur|\btitulaires?\b"
    r"|\bcandidats?\b|\bvariantes?\b|\bnotifi\w+|\bpenalite|\bacte d'engagement|\bmontant\b|\bprix\b"
    r"|\bmarches? (?:est|sera|public|passe)|\baccord-cadre|\bbons? de commande|\bfactur\w+|\bconsultation\b"
    r"|\bprocedure (?:adaptee|negociee)|\bdelai|\bduree\b|\breconduct\w+|\bresili\w+|\bavenant|\blots?\b"
    r"|\bsous-trait\w+|\bdecret\b|\barrete\b|\bcirculaire\b|\bconsiderant\b|\bordre du jour\b"
    r"|\breglement\b|\bsoumissionnaire|\boffres? (?:recue|remise|economique)|\bnegoci\w+|\battribut\w+"
    r"|\bassurances?\b|\btribunal\b|\blitiges?\b|\breception\b|\badmission\b|\bgaranties?\b|\bpaiement\b"
)


def read_need(need: Need, glossary: Glossary) -> Reading:
    """A need by its title and its text."""
    return read(join_parts(need.title, need.text), need.language, glossary, whole=need.whole)


@lru_cache(maxsize=KEPT_READINGS)
def read(text: str, language: str, glossary: Glossary, *, whole: bool = False) -> Reading:
    """Any text; `whole` keeps the passages that would be set aside."""
    kept, excluded = without_refusals(clean(text))
    set_aside: list[str] = []
    if len(kept) > LONG_CHARS and not whole:
        kept, set_aside = _useful(kept, glossary)
    found = [one for one in glossary.find(kept) if _is_meant(one, kept)]
    functions = tuple(dict.fromkeys(one.function for one in found if one.function))[:MOST_FUNCTIONS]
    written, expansions = _expanded(kept, found, glossary)
    stems = [*_stems(kept, found, language)]
    for expansion in expansions:
        stems += tokens(expansion.reading, "fr")
    return Reading(
        written[:WHOLE_LIMIT_CHARS],
        tuple(stems),
        tuple(expansions),
        tuple(excluded),
        tuple(set_aside),
        functions,
    )


def without_refusals(text: str) -> tuple[str, list[str]]:
    """The text without what it says no to, and those spans as written; a text that only refuses is kept."""
    excluded: list[str] = []

    def taken_out(match: re.Match[str]) -> str:
        if _NOT_A_REFUSAL.match(match["span"]):
            return match.group()
        excluded.append(match.group().strip())
        return " "

    kept = clean(_NEGATED.sub(taken_out, text))
    kept = re.sub(r"\s+([,.;:])", r"\1", kept).strip(" ,;:")
    return (kept, excluded) if tokens(kept) else (text, [])


def is_administrative(sentence: str) -> bool:
    """Whether a sentence speaks of the procedure: two of its words at least, or one in a few."""
    told = len(_ADMINISTRATIVE.findall(fold(sentence)))
    return told >= 2 or (told == 1 and len(sentence) < 120)


def _useful(text: str, glossary: Glossary) -> tuple[str, list[str]]:
    """A long text by its passages: those that name a function first, procedure never, in their order."""
    pieces = sentences(text)
    worth = [_worth(piece, glossary) for piece in pieces]
    chosen: set[int] = set()
    room = LONG_CHARS
    for place in sorted(range(len(pieces)), key=lambda place: (-worth[place], place)):
        if worth[place] > 0 and room - len(pieces[place]) >= 0:
            chosen.add(place)
            room -= len(pieces[place]) + 1
    if not chosen:
        return text[:LONG_CHARS], [text[LONG_CHARS:]]
    if any(worth[place] >= NAMES_A_FUNCTION for place in chosen) and len(text) > 3 * LONG_CHARS:
        chosen = {place for place in chosen if worth[place] >= NAMES_A_FUNCTION or place == 0 < worth[0]}
    kept = " ".join(pieces[place] for place in sorted(chosen))
    return kept, [piece for place, piece in enumerate(pieces) if place not in chosen]


NAMES_A_FUNCTION = 2.0


def _worth(sentence: str, glossary: Glossary) -> float:
    named = len(glossary.functions_of(sentence))
    if is_administrative(sentence):
        return 1.0 if named > 1 else 0.0
    return NAMES_A_FUNCTION + named if named else 1.0


def _is_meant(found: Found, text: str) -> bool:
    """A product is named as it is written, capital included, but in a few words typed in haste."""
    if found.term is None or found.term.kind is not TermKind.PRODUCT or len(text) <= SHORT_TEXT_CHARS:
        return True
    return found.term.term in text


def _expanded(text: str, found: Sequence[Found], glossary: Glossary) -> tuple[str, list[Expansion]]:
    """The text with products replaced by what they do and other terms followed by their meaning."""
    written, expansions, seen = text, [], set()
    for one in found:
        term = one.term
        if term is None or term.term in seen:
            continue
        seen.add(term.term)
        reading = term.reading or glossary.label(one.function)
        expansions.append(Expansion(term.term, reading, term.kind, one.function))
        pattern = re.compile(rf"(?<!\w){re.escape(term.term)}(?!\w)", re.IGNORECASE)
        said = reading if term.kind is TermKind.PRODUCT else f"{term.term} ({reading})"
        replaced, times = pattern.subn(said.replace("\\", ""), written, count=1)
        written = replaced if times else f"{written} ({reading})"
    if expansions and len(tokens(text)) == len({e.written for e in expansions}):
        written = ", ".join(dict.fromkeys(expansion.reading for expansion in expansions))
    return written, expansions


def _stems(text: str, found: Sequence[Found], language: str) -> list[str]:
    """Stems of the text in order, without those of products."""
    left_out = {
        place
        for one in found
        if one.term is not None and one.term.kind is TermKind.PRODUCT
        for place in range(one.start, one.end)
    }
    asked = [stem(word, language) for word in words(text)]
    return [one for place, one in enumerate(asked) if one and place not in left_out]
