"""The other direction: published needs for an offer, by the same gate and the same score."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.core.clock import today
from app.core.errors import Unavailable
from app.matchmaking.engine.adapters import as_criteria, as_engine_need, as_engine_offers
from app.matchmaking.engine.current import engine
from app.matchmaking.engine.records import outcome_record
from app.needs.models import Need
from app.offers.models import Offer
from app.reference.queries import criteria
from matching.criteria import CriteriaTable, CriterionOutcome
from matching.errors import UnknownOffer

SHOWN = 20
NEAR_SHOWN = 10


@dataclass(frozen=True, slots=True)
class NeedServed:
    """A need the offer is eligible for: its `position` among the `eligible` offers of its kind."""

    need_id: int
    position: int
    eligible: int
    score: float
    contributions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class NeedMissed:
    """A need the offer lacks exactly one criterion for; `failing` as in a match run."""

    need_id: int
    score: float
    failing: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NeedsOfOffer:
    """Best first, SHOWN and NEAR_SHOWN at most. `served_count` and `missed_count` say how many there are;
    `waiting` counts the needs whose text is not encoded yet."""

    served: list[NeedServed]
    missed: list[NeedMissed]
    served_count: int
    missed_count: int
    waiting: int


def needs_for(offer: Offer, needs: Sequence[Need]) -> NeedsOfOffer | None:
    """Where this offer stands for the needs given; None while it is not searchable, or nothing is. Encodes
    nothing."""
    try:
        vectors, matcher = engine().stored_vectors(needs), engine().matcher()
    except Unavailable:
        return None
    asked = {need.id: as_engine_need(need) for need in needs if need.id in vectors}
    lacking = _lacking(offer, asked)
    eligible = {need_id: asked[need_id] for need_id, failing in lacking.items() if not failing}
    try:
        served = matcher.needs_for_offer(
            offer.id, eligible, len(eligible), kinds=[offer.kind.value], vectors=vectors, day=today()
        )
        missed = [
            NeedMissed(
                need_id,
                matcher.explain_pair(asked[need_id], offer.id, query_vector=vectors[need_id]).score,
                outcome_record(failing[0]),
            )
            for need_id, failing in lacking.items()
            if len(failing) == 1
        ]
    except UnknownOffer:
        return None
    missed.sort(key=lambda miss: (-round(miss.score, 6), miss.need_id))
    return NeedsOfOffer(
        served=[
            NeedServed(
                match.need_id,
                match.position,
                match.eligible,
                match.score,
                [asdict(part) for part in match.contributions],
            )
            for match in served[:SHOWN]
        ],
        missed=missed[:NEAR_SHOWN],
        served_count=len(served),
        missed_count=len(missed),
        waiting=len(needs) - len(asked),
    )


def _lacking(offer: Offer, needs: Mapping[int, Any]) -> dict[int, list[CriterionOutcome]]:
    """Need -> the outcomes that are not met."""
    table = CriteriaTable(as_criteria(criteria()))
    [stated] = as_engine_offers([offer.id])
    return {
        need_id: [
            outcome
            for requirement in table.normalise(need.requirements)
            if not (outcome := table.outcome(requirement, stated.facts, kind=stated.kind, day=today())).passes
        ]
        for need_id, need in needs.items()
    }
