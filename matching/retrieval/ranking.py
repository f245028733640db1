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
MEANINGS = ("dense", "second")
"""Names of the signals of the first encoder and of the second."""
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """Parameters of the fusion, fitted on development sets only.

    `lexical`: weight of the words against one standard deviation of meaning. `foreign`: share of it left
    when offer and need are in two languages. `single`: share of it left when one word alone is shared out
    of several. `hubness`: share of its hubness that an offer loses. `second`: weight of the second encoder,
    less a share `spoken` of it as far as the words of the nearest offer cover the need. `function`: what an
    offer earns by naming a function that the need names.
    """

    lexical: float = 6.0
    foreign: float = 0.5
    single: float = 0.5
    hubness: float = 0.3
    second: float = 1.0
    spoken: float = 0.75
    function: float = 3.0


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
class Meaning:
    """One encoder's say: the similarity of `direction` [w + 1] with the rows of the index, less `centre`, in
    units of `spread`.
    """

    direction: Vectors
    weight: float
    centre: float
    spread: float


@dataclass(frozen=True, slots=True)
class Question:
    """A need before any offer's vector is read.

    `vector` [w + 1], of length 1, is compared with the rows of `snapshot.index`: all `meanings` at once.
    `others` are the signals that need no vector, over all n offers, and `known` [n] what they bring to each
    score. A similarity to `vector` brings `similarity / scale - offset`.
    """

    snapshot: Snapshot
    vector: Vectors
    scale: float
    offset: float
    meanings: Mapping[str, Meaning]
    others: Mapping[str, Signal]
    known: Floats

    def meaning(self, similarity: float) -> float:
        """What this similarity brings to a score."""
        return similarity / self.scale - self.offset

    def rank(self, rows: Rows) -> Ranking:
        """Score the offers of these rows."""
        signals = {}
        for name, one in self.meanings.items():
            raw = self.snapshot.index.similarities(one.direction, rows)
            signals[name] = Signal(raw, (raw - one.centre) / one.spread, one.weight)
        signals |= {name: signal.of(rows) for name, signal in self.others.items()}
        return Ranking(rows, sum_signals(signals, len(rows)), signals)

    def rank_all(self) -> Ranking:
        """Score every offer."""
        return self.rank(np.arange(len(self.snapshot)))


def ask(
    snapshot: Snapshot,
    vector: Vectors,
    stems: Sequence[str],
    language: str,
    settings: FusionSettings,
    *,
    functions: Sequence[int] = (),
) -> Question:
    """A need made ready: `vector` [w] is its place in the offers' space, `stems` its words, `functions` the
    columns of those it names.
    """
    lexical = _words(snapshot, stems, language, settings)
    meanings = meanings_of(snapshot, vector, settings, float(lexical.normalised.max(initial=0.0)))
    others = {"lexical": lexical}
    if len(functions):
        named = np.asarray(snapshot.functions[:, list(functions)].any(axis=1), np.float64)
        others["function"] = Signal(named, named, settings.function)
    joint = np.zeros(len(vector) + 1)
    for one in meanings.values():
        joint += one.direction.astype(np.float64) * (one.weight / one.spread)
    scale = 1.0 / max(float(np.linalg.norm(joint)), TINY)
    offset = sum(one.weight * one.centre / one.spread for one in meanings.values())
    known = sum_signals(others, len(snapshot))
    return Question(snapshot, np.asarray(joint * scale, np.float32), scale, offset, meanings, others, known)


def _words(snapshot: Snapshot, stems: Sequence[str], language: str, settings: FusionSettings) -> Signal:
    words, shared = snapshot.lexical.scores(stems, snapshot.slots)
    several = len(set(stems)) > 1
    rarity, foreign = snapshot.lexical.rarity(stems), ~snapshot.in_language(language)
    return covering(words, rarity, foreign, (shared == 1) if several else None, settings)


def covering(
    words: Floats, rarity: float, foreign: Mask, single: Mask | None, settings: FusionSettings
) -> Signal:
    """What the words bring to some offers: those in another language, and those that share a `single` word of
    several, are discounted."""
    covered = words / max(rarity, 1.0)
    covered[foreign] *= settings.foreign
    if single is not None:
        covered[single] *= settings.single
    return Signal(words, covered, settings.lexical)


def meanings_of(
    snapshot: Snapshot, vector: Vectors, settings: FusionSettings, covered: float
) -> dict[str, Meaning]:
    """One per encoder, each looking at its own columns of the index; hubness goes with the first. `covered`
    is the largest share of the need that the words of an offer cover."""
    second = settings.second * (1.0 - settings.spoken * min(covered, 1.0))
    directions = directions_of(snapshot, vector, settings)
    return {
        name: Meaning(direction, weight, *snapshot.moments.along(direction))
        for (name, direction), weight in zip(directions.items(), (1.0, second), strict=False)
    }


def directions_of(snapshot: Snapshot, vector: Vectors, settings: FusionSettings) -> dict[str, Vectors]:
    """What each encoder compares the rows of the index with."""
    found, start = {}, 0
    for name, width in zip(MEANINGS, snapshot.space.widths, strict=False):
        direction = np.zeros(len(vector) + 1, np.float32)
        direction[start : start + width] = vector[start : start + width]
        if not start:
            direction[-1] = -settings.hubness
        found[name] = direction
        start += width
    return found


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
