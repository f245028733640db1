"""Kinds and states of offers and claims."""

import enum


class OfferKind(enum.StrEnum):
    """Where an offer stands in the circular's order: mutualised first, then the market."""

    MUTUALISED = "mutualised"
    MARKET = "market"
    FREE_SOFTWARE = "free_software"


class OfferStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ClaimStatus(enum.StrEnum):
    """`expired` is computed from `valid_until`, never stored: see `Claim.status_on`."""

    DECLARED = "declared"
    VERIFIED = "verified"
    REFUTED = "refuted"


class ShownClaimStatus(enum.StrEnum):
    DECLARED = "declared"
    VERIFIED = "verified"
    REFUTED = "refuted"
    EXPIRED = "expired"
