"""The pool of a need: the offers that may be among its first, with what an unchanged offer keeps, and what
bounds the scores of all the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.retrieval.lexical import LexicalIndex, Slots
from matching.retrieval.questions import Understood
from matching.retrieval.ranking import (
    Floats,
    FusionSettings,
    Meaning,
    Question,
    Rows,
    Signal,
    covering,
    directions_of,
    meanings_of,
    sum_signals,
    top_rows,
)
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.standings import Ranked

MOST_COVERING = 8
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Terms:
    """The distinct words of a need: their numbers int64 [t], and the same sorted, with the place of each."""

    numbers: Slots
    several: bool
    ascending: Slots
    places: NDArray[np.int64]

    @classmethod
    def of(cls, lexical: LexicalIndex, told: Understood) -> Terms:
        """Those of a need, as the vocabulary knows them."""
        numbers = lexical.terms(told.stems)
        places = np.argsort(numbers, kind="stable")
        return cls(numbers, len(numbers) > 1, numbers[places], places)

    def found_in(self, document: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which terms of a document are among these, and where."""
        if not len(self.ascending):
            return np.zeros(len(document), np.bool_), np.empty(0, np.int64)
        near = np.minimum(np.searchsorted(self.ascending, document), len(self.ascending) - 1)
        found = self.ascending[near] == document
        return found, self.places[near[found]]


@dataclass(frozen=True, slots=True)
class Block:
    """Some offers `ids` [m] ascending, and what they keep for one need as long as they do not change: their
    similarity by each encoder, whether they are in another language, whether they name a function of it; and
    the words shared, `often` times the word at place `terms` by the offer at place `offers`, by word."""

    ids: Rows
    raw: Mapping[str, Floats]
    foreign: NDArray[np.bool_]
    named: Floats
    offers: NDArray[np.uint16]
    terms: NDArray[np.uint16]
    often: NDArray[np.float32]

    @classmethod
    def of(cls, snapshot: Snapshot, rows: Rows, asked: Need, raw: Mapping[str, Floats]) -> Block:
        """The offers of these rows."""
        documents = [snapshot.stored[row].words for row in rows]
        sizes = [len(document.terms) for document in documents]
        numbers = np.concatenate([np.empty(0, np.int32), *(document.terms for document in documents)])
        often = np.concatenate([np.empty(0, np.float32), *(document.frequencies for document in documents)])
        found, places = asked.terms.found_in(numbers)
        offers = np.repeat(np.arange(len(rows), dtype=np.uint16), sizes)[found]
        order = np.argsort(places, kind="stable")
        named = snapshot.functions[np.ix_(rows, np.array(asked.told.columns, np.int64))].any(axis=1)
        return cls(
            snapshot.ids[rows],
            raw,
            ~snapshot.in_language(asked.language)[rows],
            np.asarray(named, np.float64),
            offers[order],
            places[order].astype(np.uint16),
            often[found][order],
        )

    def merged(self, gone: Rows, come: Block) -> Block:
        """These offers without some, and with others."""
        kept = ~np.isin(self.ids, gone)
        ids = np.concatenate([self.ids[kept], come.ids])
        order = np.argsort(ids, kind="stable")
        place = np.empty(len(ids), np.uint16)
        place[order] = np.arange(len(ids), dtype=np.uint16)
        mine = np.cumsum(kept) - 1
        held = kept[self.offers]
        offers = np.concatenate([mine[self.offers[held]], come.offers + int(kept.sum())])
        terms = np.concatenate([self.terms[held], come.terms])
        by_term = np.argsort(terms, kind="stable")
        return Block(
            ids[order],
            {
                name: np.concatenate([values[kept], come.raw[name]])[order]
                for name, values in self.raw.items()
            },
            np.concatenate([self.foreign[kept], come.foreign])[order],
            np.concatenate([self.named[kept], come.named])[order],
            place[offers][by_term],
            terms[by_term],
            np.concatenate([self.often[held], come.often])[by_term],
        )


@dataclass(frozen=True, slots=True)
class Need:
    """A need as its pool reads it."""

    told: Understood
    language: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Bounds:
    """What was true of all offers when the pool was made: the rarities of the need's words and the length
    they make, the mean number of words, the most that words brought; each encoder's part; and what no offer
    outside the pool exceeded: by its words alone, and in each list."""

    rarities: Floats
    rarity: float
    mean_length: float
    words: float
    meanings: Mapping[str, Meaning]
    covering: float
    floors: tuple[float, ...]

    def drift(
        self, rarities: Floats, rarity: float, mean_length: float, meanings: Mapping[str, Meaning],
        settings: FusionSettings,
    ) -> tuple[float, float]:  # fmt: skip
        """How much more an unchanged offer can score now by its words, as a share of the need, and in all."""
        longer = max(1.0, mean_length / self.mean_length)
        rarer = float(np.maximum(rarities - self.rarities, 0.0).sum())
        before, now = max(self.rarity, 1.0), max(rarity, 1.0)
        words = self.words * max(longer / now - 1.0 / before, 0.0) + longer * rarer / now
        total = words * settings.lexical
        for name, one in meanings.items():
            was = self.meanings[name]
            slope = one.weight / one.spread - was.weight / was.spread
            level = was.weight * was.centre / was.spread - one.weight * one.centre / one.spread
            total += abs(slope) * (1.0 + settings.hubness) + level
        return words, total


@dataclass(frozen=True, slots=True)
class Pool:
    """`block` is up to date as of the change number `seen`; `bounds` date from when the pool was made."""

    asked: Need
    block: Block
    bounds: Bounds
    seen: int


def pool_of(snapshot: Snapshot, asked: Need, question: Question, ranked: Ranked, seen: int) -> Pool:
    """The pool of a need just ranked among all offers."""
    words = question.others[LEXICAL]
    ranking, outside = ranked.ranking, 0.0
    rows = ranking.rows
    raw = {name: ranking.signals[name].raw for name in question.meanings}
    if len(question.meanings) > 1 and len(snapshot):
        most = top_rows(words.normalised, np.ones(len(snapshot), np.bool_), MOST_COVERING)
        rows = np.union1d(rows, most)
        raw = {
            name: snapshot.index.similarities(one.direction, rows) for name, one in question.meanings.items()
        }
        if len(snapshot) > MOST_COVERING:
            outside = float(words.normalised[most].min())
    lexical = snapshot.lexical
    bounds = Bounds(
        rarities=lexical.rarities(asked.terms.numbers),
        rarity=lexical.rarity(asked.told.stems),
        mean_length=lexical.mean_length,
        words=float(words.raw.max(initial=0.0)),
        meanings={
            name: Meaning(one.direction[:0], one.weight, one.centre, one.spread)
            for name, one in question.meanings.items()
        },
        covering=outside,
        floors=ranked.floors,
    )
    return Pool(asked, Block.of(snapshot, rows, asked, raw), bounds, seen)


def block_of(snapshot: Snapshot, rows: Rows, asked: Need, settings: FusionSettings) -> Block:
    """Offers that changed."""
    directions = directions_of(snapshot, asked.told.vector, settings)
    raw = {name: snapshot.index.similarities(one, rows) for name, one in directions.items()}
    return Block.of(snapshot, rows, asked, raw)


def scored(
    snapshot: Snapshot, asked: Need, block: Block, bounds: Bounds, settings: FusionSettings
) -> tuple[Floats, float] | None:
    """Scores of the offers of a block, exactly those `Question.rank` gives, and how much more than its floor
    an offer outside can score; None where what is outside the pool may count."""
    lexical, vectors = snapshot.lexical, asked.told.vector
    rarities = lexical.rarities(asked.terms.numbers)
    rarity = float(np.linalg.norm(rarities))
    slots = snapshot.slots[np.searchsorted(snapshot.ids, block.ids)]
    worth = rarities[block.terms] * lexical.impacts(block.often, slots[block.offers])
    count = len(block.ids)
    shared = np.bincount(block.offers, minlength=count)
    single = (shared == 1) if asked.terms.several else None
    words = np.asarray(np.bincount(block.offers, worth, minlength=count), np.float64)
    lexical_signal = covering(words, rarity, block.foreign, single, settings)
    covered = float(lexical_signal.normalised.max(initial=0.0))
    meanings = meanings_of(snapshot, vectors, settings, covered)
    by_words, drift = bounds.drift(rarities, rarity, lexical.mean_length, meanings, settings)
    if len(meanings) > 1 and bounds.covering + by_words > covered and covered < 1.0:
        return None
    signals = {
        name: Signal(raw, (raw - meanings[name].centre) / meanings[name].spread, meanings[name].weight)
        for name, raw in block.raw.items()
    }
    signals[LEXICAL] = lexical_signal
    if len(asked.told.columns):
        signals["function"] = Signal(block.named, block.named, settings.function)
    return sum_signals(signals, count), drift
