"""Several signals, one score: standardise each, weigh each by what it is worth for this need, add.

The weight of the words is decided per need: words count when the offers that share them are also close in
meaning, and not when the sharing looks accidental (a French need against English offers, or far wording).
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """Parameters of the fusion, fitted on development sets only (see tests/benchmarks for the figures)."""

    lexical_share: float = 0.5
    agreement_depth: int = 10
    agreement_middle: float = 1.0
    agreement_slope: float = 3.0
    passage_share: float = 0.3
    passage_depth: int = 1000


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal over the n offers: raw and standardised values, and its weight for this need."""

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


def rank(snapshot: Snapshot, vector: Vectors, stems: list[str], settings: FusionSettings) -> Ranking:
    """Score every offer for a need: `vector` [d] is its centred unit embedding, `stems` its words."""
    dense_raw = (snapshot.whole @ vector).astype(np.float64)
    words_raw = snapshot.lexical.scores(stems).astype(np.float64)
    dense, words = standardise(dense_raw), standardise(words_raw)
    parts_raw = _best_passages(snapshot, vector, dense_raw)
    parts = (parts_raw - dense_raw.mean()) / max(float(dense_raw.std()), 1e-9) if len(snapshot) else dense_raw
    share = words_share(dense, words, words_raw, settings)
    meaning = 1.0 - share
    signals = {
        "dense": Signal(dense_raw, dense, meaning * (1.0 - settings.passage_share)),
        "passage": Signal(parts_raw, parts, meaning * settings.passage_share),
        "lexical": Signal(words_raw, words, share),
    }
    return Ranking(sum_signals(signals, len(snapshot)), signals)


def sum_signals(signals: Mapping[str, Signal], count: int) -> Floats:
    """Weighted sum, rounded so that equal offers tie exactly."""
    total = np.zeros(count)
    for signal in signals.values():
        total += signal.normalised * signal.weight
    return np.round(total, SCORE_DECIMALS + 2)


def words_share(dense: Floats, words: Floats, words_raw: Floats, settings: FusionSettings) -> float:
    """Weight of the words for this need, between 0 and `lexical_share`.

    It follows how close in meaning, in standard deviations, the offers with the best words are.
    """
    matched = int((words_raw > 0).sum())
    if matched == 0:
        return 0.0
    depth = min(settings.agreement_depth, matched)
    best = np.argsort(-words, kind="stable")[:depth]
    agreement = float(dense[best].mean())
    gate = 1.0 / (1.0 + np.exp(-settings.agreement_slope * (agreement - settings.agreement_middle)))
    return float(settings.lexical_share * gate)


def standardise(raw: Floats) -> Floats:
    """Distance from the mean over all offers in standard deviations; zeros when nothing varies."""
    spread = float(raw.std()) if len(raw) else 0.0
    if spread < 1e-9:
        return np.zeros(len(raw))
    return np.asarray((raw - raw.mean()) / spread)


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


def _best_passages(snapshot: Snapshot, vector: Vectors, fallback: Floats) -> Floats:
    """Largest passage similarity of each offer, float64 [n]."""
    if not len(snapshot):
        return fallback
    return np.maximum.reduceat((snapshot.parts @ vector).astype(np.float64), snapshot.starts[:-1])
