"""The other direction: needs for an offer, with the same gate and the same score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.criteria.gate import Mask
from matching.retrieval.ranking import SCORE_DECIMALS, Ranking
from matching.retrieval.types import Contribution


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """A need this offer is eligible for; `position` is the offer's place among the eligible offers (1 =
    first) and `eligible` their number.
    """

    need_id: int
    score: float
    position: int
    eligible: int
    contributions: tuple[Contribution, ...]


def place_offer(need_id: int, ranking: Ranking, eligible: Mask, row: int) -> NeedMatch:
    """Where the offer of this row stands for one need."""
    scores = np.round(ranking.scores, SCORE_DECIMALS)
    ahead = eligible & (scores > scores[row])
    ahead |= eligible & (scores == scores[row]) & (np.arange(len(scores)) < row)
    contributions = ranking.contributions(row)
    return NeedMatch(
        need_id=need_id,
        score=sum(part.contribution for part in contributions),
        position=int(ahead.sum()) + 1,
        eligible=int(eligible.sum()),
        contributions=contributions,
    )
