"""Kinds and states of offers."""

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
