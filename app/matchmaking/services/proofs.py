"""The evidence behind each criterion of a run, kept with it: claims change, what a choice rested on stays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.claims.enums import Visibility
from app.claims.models import Claim
from app.claims.queries import claims_by_id
from app.core.clock import day_of
from app.matchmaking.engine import MatchRecord

Outcome = dict[str, Any]


def add_proofs(records: Iterable[MatchRecord]) -> None:
    """Give each outcome that a claim decided its `proof`: who said what, when, until when, and where to read
    it."""
    found = [outcome for record in records for outcome in _outcomes(record) if outcome["fact"]]
    claims = claims_by_id({outcome["fact"]["claim_id"] for outcome in found})
    for outcome in found:
        claim = claims.get(outcome["fact"]["claim_id"])
        if claim is not None:
            outcome["proof"] = _proof(claim)


def _outcomes(record: MatchRecord) -> Iterable[Outcome]:
    for offer in (*record.proposed, *record.kept_out):
        yield from offer.explanation["outcomes"]
    for miss in record.near_misses:
        yield miss["failing"]


def _proof(claim: Claim) -> dict[str, Any]:
    said_at: datetime = claim.decided_at or claim.created_at
    shown = [piece for piece in claim.evidence if piece.visibility is Visibility.PUBLIC]
    return {
        "statement": claim.statement,
        "issuer": claim.issuer,
        "scope": claim.scope,
        "said_on": day_of(said_at).isoformat(),
        "valid_until": claim.valid_until.isoformat() if claim.valid_until else None,
        "evidence_url": next((piece.url for piece in shown if piece.url), ""),
        "documents": sum(piece.url is None or piece not in shown for piece in claim.evidence),
        "state": claim.status.value,
        "offer_version": claim.offer_version,
    }
