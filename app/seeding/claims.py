"""Claims of the seed data: declared, waiting or decided, as in life."""

from collections.abc import Iterable

from app.claims.enums import Verdict, Visibility
from app.claims.models import Subject
from app.claims.services import decide_claim, declare_claim
from app.permissions import SYSTEM
from seed_data.records import SeedClaim

REASONS = {
    "verified": "Pièce justificative examinée (démonstration).",
    "not_established": "La pièce fournie ne porte pas sur ce service (démonstration).",
    "contradicted": "Le registre public établit le contraire (démonstration).",
}


def seed_claims(claims: Iterable[SeedClaim], subject: Subject) -> None:
    for claim in claims:
        declared = declare_claim(
            SYSTEM,
            subject,
            attribute_key=claim.criterion,
            value=claim.value,
            statement=claim.statement,
            issuer=claim.issuer,
            scope=claim.scope,
            valid_from=claim.valid_from,
            valid_until=claim.valid_until,
            evidence_url=claim.evidence_url,
            visibility=Visibility.PUBLIC,
            asks_verification=claim.level == "pending",
            as_history=True,
        )
        if claim.level in REASONS:
            decide_claim(SYSTEM, declared, verdict=Verdict(claim.level), reason=REASONS[claim.level])
