"""Proposals in the order of a buyer's weights. The gate, the near misses and the counts stay as they are."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from app.matchmaking.engine.current import engine
from app.matchmaking.engine.evidence import as_record, assess, subscore
from app.matchmaking.engine.records import MatchRecord, match_record
from app.needs.models import Need
from app.offers.queries import published_offers
from matching.retrieval import DRAWS, INFLUENCE, SEED, SPREAD, MatchResult, Weighing, weigh

MOST_ADDED = INFLUENCE  # what all objectives together may add to a score
DEEPER = 4  # an offer below the k first may rise: look four times as deep, until none further could


def match_weighed(need: Need, k: int, kinds: Collection[str], weights: Mapping[str, int]) -> MatchRecord:
    """The k first of all eligible offers by score and weighted objectives, exactly.

    Raises RuleBroken when the need holds no word to search with."""
    depth = DEEPER * k
    while True:
        result = engine().result(need, depth, kinds)
        assessed = assess(published_offers([match.offer_id for match in result.matches]), weights)
        subscores = {
            offer_id: {key: subscore(pieces) for key, pieces in found.items()}
            for offer_id, found in assessed.items()
        }
        weighing = weigh(result.matches, subscores, weights)
        if _nobody_further_could_rise(result, weighing, depth, k):
            break
        depth *= DEEPER
    before = {match.offer_id: match.rank for match in result.matches}
    record = match_record(replace(result, matches=tuple(item.match for item in weighing.matches[:k])))
    for proposed, item in zip(record.proposed, weighing.matches, strict=False):
        proposed.explanation["objectives"] = {
            "low": item.low,
            "high": item.high,
            "unknown": list(item.unknown),
            "rank_before": before[proposed.offer_id],
            "evidence": as_record(assessed.get(proposed.offer_id, {})),
        }
    record.parameters.update(k=k, weighing=_parameters(weighing, weights, len(result.matches)))
    return record


def _nobody_further_could_rise(result: MatchResult, weighing: Weighing, depth: int, k: int) -> bool:
    """Objectives add at most INFLUENCE to a score."""
    if len(result.matches) < depth:
        return True
    return result.matches[-1].score + INFLUENCE < weighing.matches[k - 1].match.score


def _parameters(weighing: Weighing, weights: Mapping[str, int], considered: int) -> dict[str, Any]:
    return {
        "weights": dict(weights),
        "influence": INFLUENCE,
        "considered": considered,
        "draws": DRAWS,
        "spread": SPREAD,
        "seed": SEED,
        "stays_in_top": {str(offer_id): share for offer_id, share in weighing.stays_in_top.items()},
        "same_first": weighing.same_first,
        "overlap": weighing.overlap,
    }
