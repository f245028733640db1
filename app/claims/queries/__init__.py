"""Reading claims and what they prove on a day."""

from app.claims.queries.facts import Answer, Fact, answers_of, decide, facts_of, light_facts
from app.claims.queries.ledger import (
    about,
    claims_about_organisation,
    claims_where,
    get_claim_to_edit,
    may_write,
    subject_of_organisation,
)

__all__ = [
    "Answer",
    "Fact",
    "about",
    "answers_of",
    "claims_about_organisation",
    "claims_where",
    "decide",
    "facts_of",
    "get_claim_to_edit",
    "light_facts",
    "may_write",
    "subject_of_organisation",
]
