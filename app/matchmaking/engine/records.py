"""Answers of the engine as JSON-able codes and numbers: the words are the templates' business."""

from dataclasses import asdict, dataclass
from typing import Any

from matching.criteria import CriterionOutcome, Exclusions
from matching.retrieval import Match, MatchResult, Reading


@dataclass(frozen=True, slots=True)
class ProposedOffer:
    """`explanation`: contributions (adding up to `score`), outcomes per criterion, passages, shared words."""

    offer_id: int
    rank: int
    score: float
    explanation: dict[str, Any]

    @property
    def fits(self) -> bool:
        """Whether it answers at least possibly, or names the need's function."""
        return self.explanation["fit"] != "weak" or bool(self.explanation["serves"])


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """One kind of offers matched against one need; times in milliseconds. `kept_out` are the best of those
    that criteria keep out, with each criterion they lack."""

    proposed: list[ProposedOffer]
    kept_out: list[ProposedOffer]
    near_misses: list[dict[str, Any]]
    exclusions: dict[str, Any]
    parameters: dict[str, Any]
    timings_ms: dict[str, float]
    fit: str
    reading: dict[str, Any]


def match_record(result: MatchResult) -> MatchRecord:
    return MatchRecord(
        proposed=[_proposed(match) for match in result.matches],
        kept_out=[_proposed(match) for match in result.kept_out],
        near_misses=[
            {"offer_id": miss.offer_id, "score": miss.score, "failing": outcome_record(miss.failing)}
            for miss in result.near_misses
        ],
        exclusions=exclusions_record(result.exclusions),
        parameters={**result.parameters, "fit": result.fit.value, "reading": reading_record(result.reading)},
        timings_ms=dict(result.timings_ms),
        fit=result.fit.value,
        reading=reading_record(result.reading),
    )


def reading_record(reading: Reading) -> dict[str, Any]:
    """How a need was read: buyers' words, refusals, passages set aside, functions."""
    return {
        "expansions": [asdict(expansion) for expansion in reading.expansions],
        "excluded_spans": list(reading.excluded),
        "set_aside": list(reading.set_aside),
        "functions": list(reading.functions),
    }


def outcome_record(outcome: CriterionOutcome) -> dict[str, Any]:
    """One criterion of one offer, JSON-able: days as YYYY-MM-DD."""
    fact = outcome.fact
    said = fact and {
        "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
        "level": fact.level,
        "first": fact.first.isoformat() if fact.first else None,
        "last": fact.last.isoformat() if fact.last else None,
        "note": fact.note,
        "claim_id": fact.number,
    }
    return {
        "criterion": outcome.criterion,
        "outcome": outcome.outcome,
        "fact": said,
        "required_level": outcome.required_level,
        "reason_code": outcome.reason_code,
        "decided_by": outcome.decided_by,
    }


def exclusions_record(exclusions: Exclusions) -> dict[str, Any]:
    return {
        "eligible": exclusions.eligible,
        "total": exclusions.total,
        "per_criterion": dict(exclusions.per_criterion),
        "counterfactuals": dict(exclusions.counterfactuals),
        "alone": dict(exclusions.only_because_of),
        "together": [[list(keys), count] for keys, count in exclusions.combinations.items() if len(keys) > 1],
        "unknown": dict(exclusions.unknown),
    }


def _proposed(match: Match) -> ProposedOffer:
    return ProposedOffer(
        offer_id=match.offer_id,
        rank=match.rank,
        score=match.score,
        explanation={
            "contributions": [asdict(contribution) for contribution in match.contributions],
            "outcomes": [outcome_record(outcome) for outcome in match.outcomes],
            "passages": [asdict(passage) for passage in match.passages],
            "shared_words": list(match.shared_words),
            "fit": match.fit.value,
            "probability": match.probability,
            "serves": match.serves,
        },
    )
