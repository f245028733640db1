"""Reading the ledger."""

from app.claims.queries.ledger import (
    about,
    claims_about_organisation,
    claims_by_id,
    claims_where,
    get_claim_to_edit,
    lock_claim,
    may_write,
    standing_claims,
    subject_of_organisation,
)

__all__ = [
    "about",
    "claims_about_organisation",
    "claims_by_id",
    "claims_where",
    "get_claim_to_edit",
    "lock_claim",
    "may_write",
    "standing_claims",
    "subject_of_organisation",
]
