"""BM25 over the words of the offers, exact after every change (Robertson and Zaragoza 2009, Lucene's form).

Postings live in immutable segments: changing an offer adds a small one and marks the old document dead, so
that readers never wait. Statistics (document frequencies, mean length) always follow the documents alive,
so the scores are those of an index built afresh; the tests compare them with bm25s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]
Slots = NDArray[np.int64]

K1 = 1.2
B = 0.75
MISTYPED_FROM = 6
LETTERS = "abcdefghijklmnopqrstuvwxyz"
COMPACT_FROM = 1_000
COMPACT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Document:
    """Distinct term numbers int32 [t] of a document and how often each occurs, float32 [t]."""

    terms: Counts
    frequencies: NDArray[np.float32]


class Vocabulary:
    """Stems to numbers; it only grows, so a reader may use it while a writer extends it."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._written: list[str] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def document(self, stems: Iterable[str]) -> Document:
        """The bag of these stems; unknown ones get a number."""
        counts = Counter(stems)
        terms = [self._number(stem) for stem in counts]
        return Document(np.array(terms, np.int32), np.array(list(counts.values()), np.float32))

    def _number(self, stem: str) -> int:
        number = self._numbers.setdefault(stem, len(self._numbers))
        if number == len(self._written):
            self._written.append(stem)
        return number

    def corrected(self, stems: Iterable[str]) -> tuple[str, ...]:
        """The stems, an unknown one of MISTYPED_FROM letters or more replaced by the oldest known one that is
        one letter away.
        """
        return tuple(self._corrected(stem) for stem in stems)

    def _corrected(self, stem: str) -> str:
        if len(stem) < MISTYPED_FROM or not stem.isalpha() or stem in self._numbers:
            return stem
        near = [self._numbers[other] for other in _one_letter_away(stem) if other in self._numbers]
        return self._written[min(near)] if near else stem

    def find(self, stem: str) -> int:
        """Number of a stem, -1 when no document ever had it."""
        return self._numbers.get(stem, -1)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Compressed columns: term t owns slots[starts[t]:starts[t+1]]."""

    starts: Slots
    slots: Counts
    frequencies: NDArray[np.float32]


class LexicalIndex:
    """One state of the postings. Documents have slots, in order of arrival; `alive` tells which count."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        segments: tuple[_Segment, ...],
        lengths: Floats,
        alive: NDArray[np.bool_],
    ) -> None:
        self._vocabulary = vocabulary
        self._segments = segments
        self._lengths, self._alive = lengths, alive
        self._count = int(alive.sum())
        self.mean_length = max(float(lengths[alive].mean()) if self._count else 1.0, 1e-9)
        self._norms = K1 * (1.0 - B + B * lengths / self.mean_length)
        self._impacts = [s.frequencies / (s.frequencies + self._norms[s.slots]) for s in segments]
        counts = _document_counts(segments, alive, len(vocabulary))
        # The last entry is the rarity of a stem of no document alive, the highest.
        self._rarities = np.log1p((self._count - np.append(counts, 0) + 0.5) / (np.append(counts, 0) + 0.5))
        self._document_counts = counts

    @classmethod
    def build(cls, vocabulary: Vocabulary, documents: Sequence[Document]) -> LexicalIndex:
        """An index of these documents, in slots 0, 1, 2..."""
        lengths = np.array([document.frequencies.sum() for document in documents], np.float64)
        segment = _segment(documents, 0, len(vocabulary))
        return cls(vocabulary, (segment,), lengths, np.ones(len(documents), np.bool_))

    def changed(self, dead: Slots, documents: Sequence[Document]) -> LexicalIndex:
        """The state after these slots die and these documents take the next ones."""
        alive = np.concatenate([self._alive, np.ones(len(documents), np.bool_)])
        alive[dead] = False
        more = np.array([document.frequencies.sum() for document in documents], np.float64)
        segments = self._segments
        if documents:
            segments = (*segments, _segment(documents, len(self._alive), len(self._vocabulary)))
        return LexicalIndex(self._vocabulary, segments, np.concatenate([self._lengths, more]), alive)

    @property
    def next_slot(self) -> int:
        """Slot of the next document."""
        return len(self._alive)

    @property
    def wants_rebuild(self) -> bool:
        """Whether dead documents or small segments have piled up."""
        dead = len(self._alive) - self._count
        return len(self._segments) > 64 or dead > max(COMPACT_FROM, COMPACT_SHARE * self._count)

    def known(self, stems: Iterable[str]) -> list[str]:
        """The distinct stems present in at least one document alive, in their first order."""
        return [stem for stem in dict.fromkeys(stems) if self._frequency(stem) > 0]

    def scores(self, stems: Iterable[str], slots: Slots) -> tuple[Floats, Slots]:
        """BM25 of the documents in these slots, float64 [slots], and how many distinct stems each shares."""
        known = self.known(stems)
        where: list[Counts] = [np.empty(0, np.int32)]
        worth: list[Floats] = [np.empty(0)]
        for stem, rarity in zip(known, self.idf(known), strict=True):
            term = self._vocabulary.find(stem)
            for segment, impacts in zip(self._segments, self._impacts, strict=True):
                if term + 1 < len(segment.starts):
                    span = slice(int(segment.starts[term]), int(segment.starts[term + 1]))
                    where.append(segment.slots[span])
                    worth.append(rarity * impacts[span])
        places = np.concatenate(where)
        size = len(self._alive)
        totals = np.bincount(places, np.concatenate(worth), minlength=size)
        shared = np.bincount(places, minlength=size)
        return np.asarray(totals[slots], np.float64), np.asarray(shared[slots], np.int64)

    def idf(self, stems: Iterable[str]) -> Floats:
        """Rarity of each stem; that of a stem of no document is the highest."""
        last = len(self._document_counts)
        terms = [self._vocabulary.find(stem) for stem in stems]
        return np.asarray(self._rarities[[term if 0 <= term < last else last for term in terms]])

    def terms(self, stems: Iterable[str]) -> Slots:
        """Numbers of the distinct stems in their first order; -1 for one that no document ever had."""
        return np.array([self._vocabulary.find(stem) for stem in dict.fromkeys(stems)], np.int64)

    def rarities(self, terms: Slots) -> Floats:
        """Rarity of each of these terms, as `idf`."""
        last = len(self._document_counts)
        return np.asarray(self._rarities[np.where((terms >= 0) & (terms < last), terms, last)])

    def impacts(self, frequencies: NDArray[np.float32], slots: Slots) -> Floats:
        """What a term found this often in the documents of these slots is worth, before its rarity."""
        return np.asarray(frequencies / (frequencies + self._norms[slots]))

    @property
    def words_known(self) -> int:
        """How many distinct stems were ever met."""
        return len(self._vocabulary)

    def rarity(self, stems: Iterable[str]) -> float:
        """Euclidean norm of the rarities of the distinct stems, those of no document included."""
        return float(np.linalg.norm(self.idf(dict.fromkeys(stems))))

    def _frequency(self, stem: str) -> int:
        term = self._vocabulary.find(stem)
        return int(self._document_counts[term]) if 0 <= term < len(self._document_counts) else 0


def _segment(documents: Sequence[Document], first_slot: int, width: int) -> _Segment:
    if not documents:
        return _Segment(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    terms = np.concatenate([document.terms for document in documents])
    often = np.concatenate([document.frequencies for document in documents])
    sizes = [len(document.terms) for document in documents]
    slots = np.repeat(np.arange(first_slot, first_slot + len(documents), dtype=np.int32), sizes)
    order = np.argsort(terms, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(terms, minlength=width))]).astype(np.int64)
    return _Segment(starts, slots[order], often[order])


def _document_counts(segments: tuple[_Segment, ...], alive: NDArray[np.bool_], width: int) -> Slots:
    counts = np.zeros(width, np.int64)
    for segment in segments:
        if len(segment.slots):
            cumulated = np.concatenate([[0], np.cumsum(alive[segment.slots])])
            counts[: len(segment.starts) - 1] += np.diff(cumulated[segment.starts])
    return counts


def _one_letter_away(word: str) -> Iterator[str]:
    """Words with one letter less, more or other, or two exchanged; the first letter stays."""
    for place in range(1, len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
