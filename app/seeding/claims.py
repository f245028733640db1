"""Claims of the seed data: declared, waiting, verified or refuted, as in life."""

from collections.abc import Iterable

from app.claims.models import Subject
from app.claims.services import declare_claim
from app.moderation.services.claims import Verdict, decide_claim
from app.permissions import SYSTEM
from seed_data.records import SeedClaim

REASONS: dict[Verdict, str] = {
    "verified": "Pièce justificative examinée (démonstration).",
    "refuted": "La pièce fournie ne porte pas sur ce service (démonstration).",
}


def seed_claims(claims: Iterable[SeedClaim], subject: Subject) -> None:
    for claim in claims:
        declared = declare_claim(
            SYSTEM,
            subject,
            criterion_key=claim.criterion,
            value=claim.value,
            statement=claim.statement,
            issuer=claim.issuer,
            scope=claim.scope,
            valid_from=claim.valid_from,
            valid_until=claim.valid_until,
            evidence_url=claim.evidence_url,
            asks_verification=claim.level == "pending",
        )
        if claim.level in ("verified", "refuted"):
            decide_claim(SYSTEM, declared, verdict=claim.level, reason=REASONS[claim.level])
