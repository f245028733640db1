"""Ends that come near: told 90, 30 and 7 days before, each once."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.audit.services import record
from app.claims.enums import STANDING
from app.claims.models import Claim
from app.core.db import db
from app.permissions import SYSTEM

DAYS_BEFORE = (90, 30, 7)


def record_ending(day: date) -> Sequence[Claim]:
    """Note the claims whose end comes within one more of DAYS_BEFORE than was told of; those, by number. One
    that is renewed already is left in peace. Idempotent."""
    query = (
        sa.select(Claim)
        .where(
            Claim.status.in_(sorted(STANDING)),
            Claim.valid_until >= day,
            Claim.valid_until <= day + timedelta(days=DAYS_BEFORE[0]),
        )
        .options(joinedload(Claim.attribute))
        .order_by(Claim.id)
    )
    told = []
    for claim in db.session.scalars(query).all():
        step = _step(claim, day)
        if claim.warned_days is not None and claim.warned_days <= step:
            continue
        claim.warned_days = step
        if not _is_renewed(claim):
            record(SYSTEM, "claim.end_announced", claim, criterion=claim.attribute_key, days=step)
            told.append(claim)
    return told


def _step(claim: Claim, day: date) -> int:
    """The closest of DAYS_BEFORE that has been reached."""
    left = ((claim.valid_until or date.max) - day).days
    return min(step for step in DAYS_BEFORE if left <= step)


def _is_renewed(claim: Claim) -> bool:
    """Whether another claim says the same beyond this one's end, without a day between."""
    last = claim.valid_until or date.max
    begins = sa.func.coalesce(Claim.valid_from, date.min)
    ends = sa.func.coalesce(Claim.valid_until, date.max)
    query = sa.select(Claim).where(
        Claim.id != claim.id,
        Claim.attribute_key == claim.attribute_key,
        Claim.organisation_id.is_not_distinct_from(claim.organisation_id),
        sa.or_(Claim.offer_id.is_(None), Claim.offer_id.is_not_distinct_from(claim.offer_id)),
        Claim.status.in_(sorted(STANDING)),
        begins <= last + timedelta(days=1),
        ends > last,
    )
    return any(other.value == claim.value for other in db.session.scalars(query))
