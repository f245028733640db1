"""Two configurations on the same queries: paired bootstrap of the mean difference (Efron 1979)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.evaluation.metrics import METRICS

RESAMPLES = 10_000
SEED = 20_260_327


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second: mean, 95 % interval, share of resamples in which the first is not better."""

    mean: float
    low: float
    high: float
    p_not_better: float

    @property
    def is_noise(self) -> bool:
        """Whether the interval holds zero."""
        return self.low <= 0.0 <= self.high


Comparison = Mapping[str, Difference]


def compare(first: Sequence[Mapping[str, float]], second: Sequence[Mapping[str, float]]) -> Comparison:
    """Difference per metric; both lists give the metrics of the same queries in the same order."""
    return {
        name: _bootstrap(np.array([a[name] - b[name] for a, b in zip(first, second, strict=True)]))
        for name in METRICS
    }


def _bootstrap(differences: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Difference:
    draws = np.random.default_rng(SEED).integers(0, len(differences), (RESAMPLES, len(differences)))
    means = differences[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(
        mean=float(differences.mean()),
        low=float(low),
        high=float(high),
        p_not_better=float((means <= 0).mean()),
    )
