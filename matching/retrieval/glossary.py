"""Buyers' words: acronyms, usual English and product names, each standing for a function; and the functions.

A product named in a need ("remplacer Teams") says what is to be done, never what is to be bought: its name
gives way to what it does. An acronym stays beside what it means, as an offer may write either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matching.retrieval.stems import stem, words
from matching.retrieval.types import TermKind

LONGEST = 6
"""Words of the longest phrase looked up."""


@dataclass(frozen=True, slots=True)
class Function:
    """What a service does for its users; `terms` are phrases that name it, in any language."""

    key: str
    label: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word read as something else; `function` is a key, empty where none is meant."""

    term: str
    kind: TermKind
    reading: str
    function: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at words `start` to `end` of a text: a term, or the name of a function."""

    start: int
    end: int
    term: Term | None
    function: str


@dataclass(frozen=True, slots=True, eq=False)
class Glossary:
    """Functions and terms, found by their stems whatever their writing; equal to itself alone."""

    functions: tuple[Function, ...] = ()
    terms: tuple[Term, ...] = ()
    _phrases: dict[tuple[str, ...], tuple[Term | None, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for function in self.functions:
            for phrase in (function.label, *function.terms):
                self._phrases.setdefault(_key(phrase), (None, function.key))
        for term in self.terms:
            self._phrases[_key(term.term)] = (term, term.function)
        self._phrases.pop((), None)

    def find(self, text: str) -> Iterator[Found]:
        """Phrases of a text, the longest at each place, from left to right."""
        yield from self.find_among([stem(word, "fr") for word in words(text)])

    def find_among(self, stems: Sequence[str]) -> Iterator[Found]:
        """The same for stems in order, empty for an empty word, which a phrase passes over."""
        kept = [(place, found) for place, found in enumerate(stems) if found]
        position = 0
        while position < len(kept):
            for length in range(min(LONGEST, len(kept) - position), 0, -1):
                span = kept[position : position + length]
                phrase = self._phrases.get(tuple(found for _place, found in span))
                if phrase is not None:
                    yield Found(span[0][0], span[-1][0] + 1, *phrase)
                    position += length
                    break
            else:
                position += 1

    def functions_of(self, text: str) -> tuple[str, ...]:
        """Keys of the functions a text names, in the order of their first mention."""
        return tuple(dict.fromkeys(found.function for found in self.find(text) if found.function))

    def named_by(self, stems: Sequence[str]) -> tuple[str, ...]:
        """The same for stems in order."""
        return tuple(dict.fromkeys(found.function for found in self.find_among(stems) if found.function))

    def label(self, function: str) -> str:
        """Label of a function; its key where it is unknown."""
        return next((one.label for one in self.functions if one.key == function), function)


NO_GLOSSARY = Glossary()


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(found for word in words(phrase) if (found := stem(word, "fr")))
