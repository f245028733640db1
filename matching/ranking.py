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

from matching.criteria import Mask
from matching.snapshot import Snapshot
from matching.types import Contribution, Vectors

Floats = NDArray[np.float64]
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
    """One signal over the n offers: raw and normalised values, and its weight."""

    raw: Floats
    normalised: Floats
    weight: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of the n offers, float64 [n], and the signals that add up to them."""

    scores: Floats
    signals: Mapping[str, Signal]

    def contributions(self, row: int) -> tuple[Contribution, ...]:
        """The arithmetic of one offer: the contributions add up to its score."""
        return tuple(
            Contribution(
                name,
                float(signal.raw[row]),
                float(signal.normalised[row]),
                signal.weight,
                float(signal.normalised[row] * signal.weight),
            )
            for name, signal in self.signals.items()
        )


def rank(
    snapshot: Snapshot, vector: Vectors, stems: Sequence[str], language: str, settings: FusionSettings
) -> Ranking:
    """Score every offer for a need: `vector` [d] is its place in the offers' space, `stems` its words."""
    dense = (snapshot.whole @ np.append(vector, np.float32(-settings.hubness))).astype(np.float64)
    words, shared = snapshot.lexical.scores(stems, snapshot.slots)
    covered = words / max(snapshot.lexical.rarity(stems), 1.0)
    covered[~snapshot.in_language(language)] *= settings.foreign
    if len(set(stems)) > 1:
        covered[shared == 1] *= settings.single
    centre, spread = moments(dense)
    signals = {
        "dense": Signal(dense, (dense - centre) / spread, 1.0),
        "lexical": Signal(words, covered, settings.lexical),
    }
    return Ranking(sum_signals(signals, len(snapshot)), signals)


def sum_signals(signals: Mapping[str, Signal], count: int) -> Floats:
    """Weighted sum over `count` offers."""
    total = np.zeros(count)
    for signal in signals.values():
        total += signal.normalised * signal.weight
    return total


def moments(values: Floats) -> tuple[float, float]:
    """Mean and standard deviation; 0 and 1 when nothing varies."""
    spread = float(values.std()) if len(values) > 1 else 0.0
    return (float(values.mean()), spread) if spread > 1e-9 else (0.0, 1.0)


def top_rows(scores: Floats, allowed: Mask, k: int) -> NDArray[np.int64]:
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
