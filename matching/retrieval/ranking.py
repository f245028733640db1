"""Several signals, one score: bring each to a common scale, weigh, add.

Meaning is the similarity of the embeddings in the offers' own space, less a share of the offer's hubness
(what makes it near to everything), in standard deviations over all offers.
Words are BM25 divided by the length of the need's vector of rarities (words found nowhere included), so that
they count for what they cover: a need whose words are hardly shared, being worded otherwise or written in
another language, leaves the ranking to meaning. Words shared across languages, and a single shared word,
are discounted once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.criteria.gate import Mask
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.types import Contribution, Vectors

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
SCORE_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """Parameters of the fusion, fitted on development sets only.

    `lexical`: weight of the words against one standard deviation of meaning. `foreign`: share of it left
    when offer and need are in two languages. `single`: share of it left when one word alone is shared out
    of several. `hubness`: share of its hubness that an offer loses.
    """

    lexical: float = 6.0
    foreign: float = 0.5
    single: float = 0.5
    hubness: float = 0.3


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal over some offers: raw and normalised values, and its weight."""

    raw: Floats
    normalised: Floats
    weight: float

    def of(self, rows: Rows) -> Signal:
        """The same over these rows."""
        return Signal(self.raw[rows], self.normalised[rows], self.weight)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of some offers, float64 [m], the signals that add up to them, and their `rows` [m]."""

    rows: Rows
    scores: Floats
    signals: Mapping[str, Signal]

    def contributions(self, position: int) -> tuple[Contribution, ...]:
        """The arithmetic of the offer at this position of `rows`: the contributions add up to its score."""
        return tuple(
            Contribution(
                name,
                float(signal.raw[position]),
                float(signal.normalised[position]),
                signal.weight,
                float(signal.normalised[position] * signal.weight),
            )
            for name, signal in self.signals.items()
        )

    def only(self, positions: Rows) -> Ranking:
        """What it says of the offers at these positions, in their order."""
        signals = {name: signal.of(positions) for name, signal in self.signals.items()}
        return Ranking(self.rows[positions], self.scores[positions], signals)


@dataclass(frozen=True, slots=True)
class Question:
    """A need before any offer's vector is read.

    `vector` [d + 1] is compared with the rows of `snapshot.index`; `others` are the signals that need no
    vector, over all n offers, and `known` [n] what they bring to each score. `weight`, `centre` and `spread`
    turn a similarity into its share of a score.
    """

    snapshot: Snapshot
    vector: Vectors
    weight: float
    centre: float
    spread: float
    others: Mapping[str, Signal]
    known: Floats

    def meaning(self, similarity: float) -> float:
        """What this similarity brings to a score."""
        return self.weight * (similarity - self.centre) / self.spread

    def rank(self, rows: Rows) -> Ranking:
        """Score the offers of these rows."""
        dense = self.snapshot.index.similarities(self.vector, rows)
        signals = {"dense": Signal(dense, (dense - self.centre) / self.spread, self.weight)}
        signals |= {name: signal.of(rows) for name, signal in self.others.items()}
        return Ranking(rows, sum_signals(signals, len(rows)), signals)

    def rank_all(self) -> Ranking:
        """Score every offer."""
        return self.rank(np.arange(len(self.snapshot)))


def ask(
    snapshot: Snapshot, vector: Vectors, stems: Sequence[str], language: str, settings: FusionSettings
) -> Question:
    """A need made ready: `vector` [d] is its place in the offers' space, `stems` its words."""
    direction = np.append(vector, np.float32(-settings.hubness))
    words, shared = snapshot.lexical.scores(stems, snapshot.slots)
    covered = words / max(snapshot.lexical.rarity(stems), 1.0)
    covered[~snapshot.in_language(language)] *= settings.foreign
    if len(set(stems)) > 1:
        covered[shared == 1] *= settings.single
    others = {"lexical": Signal(words, covered, settings.lexical)}
    centre, spread = snapshot.moments.along(direction)
    known = sum_signals(others, len(snapshot))
    return Question(snapshot, direction, 1.0, centre, spread, others, known)


def sum_signals(signals: Mapping[str, Signal], count: int) -> Floats:
    """Weighted sum over `count` offers."""
    total = np.zeros(count)
    for signal in signals.values():
        total += signal.normalised * signal.weight
    return total


def top_rows(scores: Floats, allowed: Mask, k: int) -> Rows:
    """The k best rows among those allowed, exactly; ties by row, that is by offer number."""
    rows = np.flatnonzero(allowed)
    if k <= 0 or not len(rows):
        return np.empty(0, np.int64)
    values = np.round(scores[rows], SCORE_DECIMALS)
    if len(rows) > k:
        threshold = np.partition(values, len(values) - k)[len(values) - k]
        kept = values >= threshold
        rows, values = rows[kept], values[kept]
    return np.asarray(rows[np.argsort(-values, kind="stable")][:k], np.int64)
