"""Reading offers, claims and what they prove, as the reader may see it."""

from app.offers.queries.claims import (
    answers_of,
    claims_about,
    offers_of_claims,
    subject_of,
    waiting_claims,
)
from app.offers.queries.offers import (
    find_offer_by_import_key,
    get_offer,
    get_offer_by_slug,
    get_offer_to_edit,
    get_offer_to_edit_by_slug,
    get_offer_with_history,
    may_edit,
    offer_versions,
    offers_of,
    published_offer_ids_of,
    published_offers,
    published_offers_by,
    published_offers_of,
    vendors_with_offers,
)

__all__ = [
    "answers_of",
    "claims_about",
    "find_offer_by_import_key",
    "get_offer",
    "get_offer_by_slug",
    "get_offer_to_edit",
    "get_offer_to_edit_by_slug",
    "get_offer_with_history",
    "may_edit",
    "offer_versions",
    "offers_of",
    "offers_of_claims",
    "published_offer_ids_of",
    "published_offers",
    "published_offers_by",
    "published_offers_of",
    "subject_of",
    "vendors_with_offers",
    "waiting_claims",
]
