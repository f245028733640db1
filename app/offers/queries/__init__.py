"""Reading offers, claims and what they prove, as the reader may see it."""

from app.offers.queries.claims import (
    claims_about,
    claims_about_organisation,
    get_claim_to_edit,
    waiting_claims,
)
from app.offers.queries.facts import Answer, Fact, answers_of, decide, facts_of, light_facts
from app.offers.queries.offers import (
    find_offer_by_import_key,
    get_offer,
    get_offer_by_slug,
    get_offer_to_edit,
    offers_of,
    published_offers,
    published_offers_by,
    published_offers_of,
    vendors_with_offers,
)

__all__ = [
    "Answer",
    "Fact",
    "answers_of",
    "claims_about",
    "claims_about_organisation",
    "decide",
    "facts_of",
    "find_offer_by_import_key",
    "get_claim_to_edit",
    "get_offer",
    "get_offer_by_slug",
    "get_offer_to_edit",
    "light_facts",
    "offers_of",
    "published_offers",
    "published_offers_by",
    "published_offers_of",
    "vendors_with_offers",
    "waiting_claims",
]
