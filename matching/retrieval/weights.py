"""A buyer's own weights over objectives, and how much the order depends on them.

Each objective has a sub-score between 0 and 1, built from evidence, with the bounds that unknowns leave
open. An unknown is neither zero nor full, and is not filled from the other offers either: those who speak
have something to show, so that their mean would make silence pay. Without weights nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.errors import MatchingError
from matching.retrieval.types import Contribution, Match

SIGNAL = "objective:"
INFLUENCE = 2.0
DRAWS = 500
SPREAD = 0.3
SEED = 6_519
TOP = 5

Floats = NDArray[np.float64]


class SubScore(NamedTuple):
    """`value` is what counts, `low` and `high` what the unknowns leave possible; all equal when known."""

    low: float
    value: float
    high: float


UNKNOWN = SubScore(0.0, 0.5, 1.0)
SubScores = Mapping[str, SubScore]
"""Objective to its sub-score; an objective left out is unknown."""


@dataclass(frozen=True, slots=True)
class WeighedMatch:
    """A match with the objectives in its arithmetic: one contribution each, named SIGNAL + objective, whose
    raw value is what is proved at least. `low` and `high` bound its score over the unknowns; `unknown` names
    the objectives that are not wholly known.
    """

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
    all zero, and for sub-scores outside [0, 1].
    """
    keys = sorted(key for key, weight in weights.items() if weight != 0)
    shares = np.array([weights[key] for key in keys], np.float64)
    if not keys or (shares < 0).any() or not np.isfinite(shares).all():
        raise MatchingError("weights are positive numbers, and at least one is not zero")
    shares /= shares.sum()
    matches = sorted(matches, key=lambda match: match.offer_id)
    low, values, high = _tables(matches, subscores, keys)
    base = np.array([match.score for match in matches])
    steps = influence * shares
    weighed = [
        WeighedMatch(
            match=_with_objectives(match, keys, low[i], values[i], steps),
            low=float(base[i] + low[i] @ steps),
            high=float(base[i] + high[i] @ steps),
            unknown=tuple(key for key, floor, top in zip(keys, low[i], high[i], strict=True) if floor < top),
        )
        for i, match in enumerate(matches)
    ]
    totals = base[:, None] + influence * values @ np.column_stack([shares, _perturbed(shares).T])
    orders = np.argsort(-np.round(totals, 6), axis=0, kind="stable")
    ranked = tuple(
        replace(weighed[i], match=replace(weighed[i].match, rank=rank))
        for rank, i in enumerate(orders[:, 0].tolist(), start=1)
    )
    return _stability(ranked, [match.offer_id for match in matches], orders[:TOP, 1:])


def _tables(
    matches: Sequence[Match], subscores: Mapping[int, SubScores], keys: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    """Lower bounds, values and upper bounds, each [matches, objectives]."""
    table = np.array(
        [[subscores.get(match.offer_id, {}).get(key, UNKNOWN) for key in keys] for match in matches],
        np.float64,
    ).reshape(len(matches), len(keys), 3)
    low, values, high = np.moveaxis(table, 2, 0)
    if not ((low >= 0) & (low <= values) & (values <= high) & (high <= 1)).all():
        raise MatchingError("a sub-score lies between its bounds, and they between 0 and 1")
    return low, values, high


def _with_objectives(match: Match, keys: Sequence[str], low: Floats, values: Floats, steps: Floats) -> Match:
    parts = tuple(
        Contribution(
            SIGNAL + key, float(low[i]), float(values[i]), float(steps[i]), float(values[i] * steps[i])
        )
        for i, key in enumerate(keys)
    )
    score = match.score + sum(part.contribution for part in parts)
    return replace(match, score=score, contributions=(*match.contributions, *parts))


def _perturbed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares [DRAWS, objectives] with log-normal noise on each weight, adding up to 1."""
    noise = np.random.default_rng(SEED).normal(0.0, SPREAD, (DRAWS, len(shares)))
    draws = shares * np.exp(noise)
    return np.asarray(draws / draws.sum(axis=1, keepdims=True))


def _stability(ranked: tuple[WeighedMatch, ...], ids: Sequence[int], tops: NDArray[np.intp]) -> Weighing:
    """`tops` holds the rows of the first offers of each draw, [TOP at most, DRAWS]."""
    top = [item.match.offer_id for item in ranked[:TOP]]
    drawn = np.array(ids, np.int64)[tops]
    stays = {offer_id: float((drawn == offer_id).any(axis=0).mean()) for offer_id in top}
    first = float((drawn[0] == top[0]).mean()) if top else 1.0
    return Weighing(ranked, stays, first, sum(stays.values()) / len(stays) if stays else 1.0)
