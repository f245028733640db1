"""Sub-scores: what the facts and figures of an offer prove of each objective, by the rules kept as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.claims.engine import Answer, Outcome
from app.core.clock import today
from app.matchmaking.enums import Standing
from app.matchmaking.models import ObjectiveEvidence
from app.matchmaking.queries.objectives import evidence_rules
from app.offers.models import Offer
from app.offers.queries import answers_of
from app.reference.queries import criteria
from matching.retrieval import SubScore


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence for one offer: its points, and what the unknown leaves possible, in [0, 1].

    `source` is a criterion or a measure."""

    source: str
    standing: Standing
    share: float
    points: float
    low: float
    high: float


Assessment = Mapping[str, Sequence[Piece]]
"""Objective to its pieces of evidence; an objective without rules is left out."""


def assess(offers: Sequence[Offer], objectives: Iterable[str]) -> dict[int, dict[str, list[Piece]]]:
    """Offer -> objective -> pieces, as of today; two queries whatever the number of offers."""
    wanted = set(objectives)
    rules = [rule for rule in evidence_rules() if rule.objective_key in wanted]
    answers = answers_of(offers, criteria(), today())
    found: dict[int, dict[str, list[Piece]]] = {}
    for offer in offers:
        by_key = {answer.criterion.key: answer for answer in answers[offer.id]}
        pieces = found.setdefault(offer.id, {})
        for rule in rules:
            pieces.setdefault(rule.objective_key, []).append(_piece(rule, offer, by_key))
    return found


def subscore(pieces: Sequence[Piece]) -> SubScore:
    """The pieces together, by their shares."""
    whole = sum(piece.share for piece in pieces)

    def mean(values: Iterable[float]) -> float:
        parts = (value * piece.share for value, piece in zip(values, pieces, strict=True))
        return sum(parts) / whole

    low, value, high = (mean(getattr(piece, name) for piece in pieces) for name in ("low", "points", "high"))
    return SubScore(low, min(max(value, low), high), high)


def as_record(assessment: Assessment) -> dict[str, list[dict[str, Any]]]:
    return {key: [asdict(piece) for piece in pieces] for key, pieces in assessment.items()}


def _piece(rule: ObjectiveEvidence, offer: Offer, answers: Mapping[str, Answer]) -> Piece:
    standing, points = (
        _measured(rule, getattr(offer, rule.measure)) if rule.measure else _answered(rule, answers)
    )
    if points is not None:
        return Piece(rule.source, standing, rule.share, points, points, points)
    # Half way to a declaration: silence must neither cost as much as a refusal nor pay as a word does.
    middle = (rule.refused + rule.declared) / 2
    best = rule.declared if rule.measure else rule.verified
    return Piece(rule.source, standing, rule.share, middle, rule.refused, best)


def _answered(rule: ObjectiveEvidence, answers: Mapping[str, Answer]) -> tuple[Standing, float | None]:
    answer = answers.get(rule.source)
    if answer is None or answer.found.outcome in (Outcome.UNKNOWN, Outcome.NOT_APPLICABLE):
        return Standing.UNKNOWN, None
    if not answer.is_met:
        return Standing.REFUSED, rule.refused
    if answer.is_verified:
        return Standing.VERIFIED, rule.verified
    return Standing.DECLARED, rule.declared


def _measured(rule: ObjectiveEvidence, value: float | None) -> tuple[Standing, float | None]:
    if value is None or rule.best is None or rule.worst is None:
        return Standing.UNKNOWN, None
    reached = (rule.worst - value) / (rule.worst - rule.best)
    reached = min(max(reached, 0.0), 1.0)
    return Standing.DECLARED, rule.refused + (rule.declared - rule.refused) * reached
