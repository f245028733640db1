"""Reading the SecNumCloud registry beside a claim."""

from dataclasses import dataclass

from app.claims.models import Claim
from app.core.clock import today
from app.core.slugs import slugify
from app.offers.models import Offer
from app.reference.enums import SENSITIVE_DATA_CRITERION
from app.reference.models import QualifiedService
from app.reference.queries import qualified_services


@dataclass(frozen=True, slots=True)
class RegistryMatch:
    """A row of the registry close to a claim. Only `same_provider` and `same_service` together name the
    offer: a service hosted on a qualified one is not qualified itself."""

    service: QualifiedService
    same_provider: bool
    same_service: bool
    is_expired: bool

    @property
    def is_exact(self) -> bool:
        return self.same_provider and self.same_service

    @property
    def is_in_force(self) -> bool:
        return self.service.status == "qualified" and not self.is_expired


def registry_matches(claim: Claim, offer: Offer | None) -> list[RegistryMatch]:
    """Rows of the registry for the vendor or the name of a SecNumCloud claim, the closest first."""
    if claim.attribute_key != SENSITIVE_DATA_CRITERION:
        return []
    provider = claim.organisation.name if claim.organisation else ""
    service = offer.name if offer else ""
    found = [_compare(row, provider, service) for row in qualified_services()]
    close = [
        match
        for match in found
        if match.same_provider or slugify(match.service.service_name) == slugify(service)
    ]
    return sorted(
        close, key=lambda match: (not match.is_exact, not match.same_provider, not match.is_in_force)
    )


def _compare(row: QualifiedService, provider: str, service: str) -> RegistryMatch:
    return RegistryMatch(
        service=row,
        same_provider=_same(row.provider, provider),
        same_service=_same(row.service_name, service),
        is_expired=row.valid_until is not None and row.valid_until < today(),
    )


def _same(first: str, second: str) -> bool:
    """True when the words of one name, accents and case aside, are all in the other ("OVHcloud SAS")."""
    if not first.strip() or not second.strip():
        return False
    words, others = set(slugify(first).split("-")), set(slugify(second).split("-"))
    return words <= others or others <= words
