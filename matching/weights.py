"""A buyer's own weights over objectives, and how much the order depends on them.

Each objective has a sub-score between 0 and 1, built from evidence, or none. An unknown one is neither zero
nor full: it takes the mean of the offers where it is known (one half when nobody is known), and the bounds
it leaves open are given. Without weights nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.errors import MatchingError
from matching.types import Contribution, Match

SIGNAL = "objectives"
INFLUENCE = 2.0
DRAWS = 500
SPREAD = 0.3
SEED = 6_519
TOP = 5

SubScores = Mapping[str, float]
"""Objective to sub-score in [0, 1]; an objective left out is unknown."""


@dataclass(frozen=True, slots=True)
class WeighedMatch:
    """A match with the objectives in its arithmetic; `low` and `high` bound its score over the unknowns."""

    match: Match
    low: float
    high: float
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The new order, and for each of its five first the share of perturbed weights that keep it there.

    `same_first` is the share of draws with the same first offer, `overlap` the mean share of the top five
    kept.
    """

    matches: tuple[WeighedMatch, ...]
    stays_in_top: Mapping[int, float]
    same_first: float
    overlap: float


def weigh(
    matches: Sequence[Match],
    subscores: Mapping[int, SubScores],
    weights: Mapping[str, float],
    *,
    influence: float = INFLUENCE,
) -> Weighing:
    """Order the matches by score plus `influence` x the weighted mean of their sub-scores.

    `influence` is in standard deviations of meaning. Raises MatchingError for weights that are negative or
    all zero, and for a sub-score outside [0, 1].
    """
    keys = sorted(weights)
    shares = np.array([weights[key] for key in keys], np.float64)
    if not keys or (shares < 0).any() or not np.isfinite(shares).all() or shares.sum() == 0:
        raise MatchingError("weights are positive numbers, and at least one is not zero")
    shares /= shares.sum()
    known = _table(matches, subscores, keys)
    filled = np.where(np.isnan(known), _usual(known), known)
    base = np.array([match.score for match in matches])
    totals = base + influence * filled @ shares
    open_share = np.isnan(known) @ shares
    sure = base + influence * np.nan_to_num(known) @ shares
    order = _ordered(totals, matches)
    weighed = tuple(
        WeighedMatch(
            match=_with_objectives(matches[i], rank, float(filled[i] @ shares), influence),
            low=float(sure[i]),
            high=float(sure[i] + influence * open_share[i]),
            unknown=tuple(key for key, value in zip(keys, known[i], strict=True) if np.isnan(value)),
        )
        for rank, i in enumerate(order, start=1)
    )
    draws = _perturbed(shares)
    orders = [_ordered(row, matches) for row in (base[:, None] + influence * filled @ draws.T).T]
    return _stability(weighed, [[matches[i].offer_id for i in order[:TOP]] for order in orders])


def _table(
    matches: Sequence[Match], subscores: Mapping[int, SubScores], keys: list[str]
) -> NDArray[np.float64]:
    table = np.array(
        [[subscores.get(match.offer_id, {}).get(key, np.nan) for key in keys] for match in matches],
        np.float64,
    ).reshape(len(matches), len(keys))
    if (table < 0).any() or (table > 1).any():
        raise MatchingError("a sub-score lies between 0 and 1")
    return table


def _usual(known: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = (~np.isnan(known)).sum(axis=0)
    return np.where(counts > 0, np.nansum(known, axis=0) / np.maximum(counts, 1), 0.5)


def _ordered(totals: NDArray[np.float64], matches: Sequence[Match]) -> list[int]:
    return sorted(range(len(matches)), key=lambda i: (-round(float(totals[i]), 6), matches[i].offer_id))


def _with_objectives(match: Match, rank: int, value: float, influence: float) -> Match:
    part = Contribution(SIGNAL, value, value, influence, value * influence)
    return replace(
        match, rank=rank, score=match.score + part.contribution, contributions=(*match.contributions, part)
    )


def _perturbed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares [DRAWS, objectives] with log-normal noise on each weight, adding up to 1."""
    noise = np.random.default_rng(SEED).normal(0.0, SPREAD, (DRAWS, len(shares)))
    draws = shares * np.exp(noise)
    return np.asarray(draws / draws.sum(axis=1, keepdims=True))


def _stability(weighed: tuple[WeighedMatch, ...], tops: Sequence[Sequence[int]]) -> Weighing:
    top = [item.match.offer_id for item in weighed[:TOP]]
    stays = {offer_id: sum(offer_id in drawn for drawn in tops) / DRAWS for offer_id in top}
    first = sum(drawn[0] == top[0] for drawn in tops) / DRAWS if top else 1.0
    return Weighing(weighed, stays, first, sum(stays.values()) / len(stays) if stays else 1.0)
