"""What the passing of days does to claims: noted once, so that those concerned are told once."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.audit.services import record
from app.claims.models import Claim
from app.claims.services.declaring import tell_of_claim
from app.core.clock import now
from app.core.db import db
from app.permissions import SYSTEM


def record_expired(day: date) -> Sequence[Claim]:
    """Note the claims found expired on `day` that nobody was told of; those, by number. Idempotent."""
    query = sa.select(Claim).where(Claim.expired(day), Claim.expiry_told_at.is_(None))
    claims = db.session.scalars(query.options(joinedload(Claim.attribute)).order_by(Claim.id)).all()
    for claim in claims:
        claim.expiry_told_at, claim.awaits_verification = now(), False
        record(SYSTEM, "claim.expired", claim, criterion=claim.attribute_key)
        tell_of_claim(claim)
    return claims
