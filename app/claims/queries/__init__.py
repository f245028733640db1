"""Reading the ledger."""

from app.claims.queries.ledger import (
    about,
    any_turns_between,
    claims_about_organisation,
    claims_by_id,
    claims_where,
    count_open_contests,
    get_claim_to_edit,
    may_write,
    standing_claims,
    subject_of_organisation,
    turns_between,
)

__all__ = [
    "about",
    "any_turns_between",
    "claims_about_organisation",
    "claims_by_id",
    "claims_where",
    "count_open_contests",
    "get_claim_to_edit",
    "may_write",
    "standing_claims",
    "subject_of_organisation",
    "turns_between",
]
