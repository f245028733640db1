"""States of a claim."""

import enum

from app.core.i18n import lazy_gettext as _l


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


_CLAIM_STATUSES = {
    ShownClaimStatus.DECLARED: _l("Déclarée"),
    ShownClaimStatus.VERIFIED: _l("Vérifiée"),
    ShownClaimStatus.REFUTED: _l("Refusée"),
    ShownClaimStatus.EXPIRED: _l("Expirée"),
}
