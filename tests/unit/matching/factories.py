"""Offers and matchers for tests, with traits."""

from __future__ import annotations

from collections.abc import Iterable

from matching.criteria.types import Criterion, Fact, Level
from matching.retrieval.encoder import encode_offers
from matching.retrieval.matcher import Matcher
from matching.retrieval.proposals import MatcherSettings
from matching.retrieval.text import offer_texts
from matching.retrieval.types import Offer
from tests.fakes import HashingEncoder

CRITERIA = (
    Criterion("secnumcloud"),
    Criterion("open_source"),
    Criterion("sme"),
    Criterion("eu_hosting", implied_by=("france_hosting",)),
    Criterion("france_hosting"),
    Criterion("no_extraterritorial", implied_by=("secnumcloud",)),
)
DECLARED, VERIFIED = Fact(True, Level.DECLARED), Fact(True, Level.VERIFIED)
REFUTED = Fact(False, Level.VERIFIED)


def make_offer(number: int, name: str = "", description: str = "", **facts: Fact) -> Offer:
    """A market offer; keyword arguments are its facts."""
    return Offer(number, "market", name or f"Offre {number}", "", description, facts=facts)


def make_matcher(offers: Iterable[Offer], settings: MatcherSettings | None = None) -> Matcher:
    """A matcher over these offers with the fake encoder."""
    encoder = HashingEncoder()
    matcher = Matcher(encoder, CRITERIA, settings=settings)
    known = list(offers)
    matcher.upsert(known, {offer.id: encode_offers(encoder, offer_texts(offer)) for offer in known})
    return matcher
