"""Kinds and states of offers and claims."""

import enum

from app.core.i18n import lazy_gettext as _l


class OfferKind(enum.StrEnum):
    """Where an offer stands in the circular's order: mutualised first, then the market."""

    MUTUALISED = "mutualised"
    MARKET = "market"
    FREE_SOFTWARE = "free_software"

    @property
    def label(self) -> str:
        return str(_KINDS[self])


class OfferStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return str(_STATUSES[self])


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

    @property
    def label(self) -> str:
        return str(_CLAIM_STATUSES[self])


_KINDS = {
    OfferKind.MUTUALISED: _l("Solution mutualisée"),
    OfferKind.MARKET: _l("Offre du marché"),
    OfferKind.FREE_SOFTWARE: _l("Logiciel libre"),
}
_STATUSES = {
    OfferStatus.DRAFT: _l("Brouillon"),
    OfferStatus.PUBLISHED: _l("Publiée"),
    OfferStatus.WITHDRAWN: _l("Retirée"),
}
_CLAIM_STATUSES = {
    ShownClaimStatus.DECLARED: _l("Déclarée"),
    ShownClaimStatus.VERIFIED: _l("Vérifiée"),
    ShownClaimStatus.REFUTED: _l("Refusée"),
    ShownClaimStatus.EXPIRED: _l("Expirée"),
}
