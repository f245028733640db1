"""The evidence behind each criterion of a run, kept with it: claims change, what a choice rested on stays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.claims.models import Claim
from app.core.clock import today
from app.matchmaking.engine import MatchRecord
from app.offers.queries import facts_of, published_offers

Outcome = dict[str, Any]


def add_proofs(records: Iterable[MatchRecord]) -> None:
    """Give each outcome that a claim decided its `proof`: who said what, when, until when, and where to read
    it."""
    found = [pair for record in records for pair in _outcomes(record)]
    offers = published_offers({offer_id for offer_id, _outcome in found})
    facts = facts_of(offers, today())
    for offer_id, outcome in found:
        fact = facts.get(offer_id, {}).get(outcome["decided_by"] or "")
        if fact is not None:
            outcome["proof"] = _proof(fact.claim)


def _outcomes(record: MatchRecord) -> Iterable[tuple[int, Outcome]]:
    for offer in record.proposed:
        for outcome in offer.explanation["outcomes"]:
            yield offer.offer_id, outcome
    for miss in record.near_misses:
        yield miss["offer_id"], miss["failing"]


def _proof(claim: Claim) -> dict[str, Any]:
    said_at: datetime = claim.decided_at or claim.created_at
    return {
        "statement": claim.statement,
        "issuer": claim.issuer,
        "scope": claim.scope,
        "said_on": said_at.date().isoformat(),
        "valid_until": claim.valid_until.isoformat() if claim.valid_until else None,
        "evidence_url": claim.evidence_url,
    }
