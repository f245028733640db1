"""Reading the SecNumCloud registry beside a claim."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.claims.enums import STANDING, ClaimStatus
from app.claims.models import Claim
from app.core.clock import today
from app.core.db import db
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
    is_named: bool

    @property
    def is_exact(self) -> bool:
        return self.same_provider and self.same_service

    @property
    def is_in_force(self) -> bool:
        since = self.service.qualified_since
        begun = since is None or since <= today()
        return self.service.status == "qualified" and not self.is_expired and begun


def registry_matches(claim: Claim, offer: Offer | None) -> list[RegistryMatch]:
    """Rows of the registry for the vendor or the name of a SecNumCloud claim, the closest first."""
    if claim.attribute_key != SENSITIVE_DATA_CRITERION:
        return []
    provider = claim.organisation.name if claim.organisation else ""
    service = offer.name if offer else ""
    said = f"{claim.statement} {claim.scope}"
    found = [_compare(row, provider, service, said) for row in qualified_services()]
    close = [
        match
        for match in found
        if match.same_provider or match.is_named or slugify(match.service.service_name) == slugify(service)
    ]
    return sorted(
        close, key=lambda match: (not match.is_exact, not match.same_provider, not match.is_in_force)
    )


def claims_of_registry() -> Sequence[tuple[Claim, Offer | None]]:
    """Claims to be qualified that count today, or that the registry or a moderator contradicted."""
    kept = sorted({*STANDING, ClaimStatus.CONTRADICTED})
    query = (
        sa.select(Claim, Offer)
        .outerjoin(Offer, Offer.id == Claim.offer_id)
        .options(joinedload(Claim.organisation), joinedload(Claim.attribute))
        .where(Claim.attribute_key == SENSITIVE_DATA_CRITERION, Claim.status.in_(kept))
        .where(~Claim.expired(today()))
        .order_by(Claim.id)
    )
    return [(claim, offer) for claim, offer in db.session.execute(query) if claim.value is True]


def _compare(row: QualifiedService, provider: str, service: str, said: str) -> RegistryMatch:
    return RegistryMatch(
        service=row,
        same_provider=_same(row.provider, provider),
        same_service=_same(row.service_name, service),
        is_expired=row.valid_until is not None and row.valid_until < today(),
        is_named=_within(row.service_name, said),
    )


def _within(name: str, said: str) -> bool:
    """True when a text names a service, all its words in their order."""
    return bool(name.strip()) and f"-{slugify(name)}-" in f"-{slugify(said)}-"


def _same(first: str, second: str) -> bool:
    """True when the words of one name, accents and case aside, are all in the other ("OVHcloud SAS")."""
    if not first.strip() or not second.strip():
        return False
    words, others = set(slugify(first).split("-")), set(slugify(second).split("-"))
    return words <= others or others <= words
