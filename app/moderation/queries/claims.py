"""Reading claims as a moderator works through them."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.moderation.enums import ClaimFilter
from app.offers.enums import ClaimStatus
from app.offers.models import Claim, Offer
from app.permissions import Actor, Permission, require_visible

EXPIRING_WITHIN = timedelta(days=60)
_WHOLE = (
    joinedload(Claim.offer).joinedload(Offer.organisation),
    joinedload(Claim.organisation),
    joinedload(Claim.criterion),
)


def get_claim(actor: Actor, claim_id: int) -> Claim:
    """A claim with its offer, vendor and criterion. Raises NotFound for who may not decide."""
    require_visible(actor, Permission.CLAIM_DECIDE)
    claim = db.session.get(Claim, claim_id, options=_WHOLE)
    if claim is None:
        raise NotFound
    return claim


def lock_claim(claim: Claim) -> None:
    """Hold the claim until the commit and read it again, so that of two moderators the second sees the
    first's answer. Its row alone, because PostgreSQL refuses to lock what is outer-joined to it."""
    db.session.execute(sa.select(Claim.id).where(Claim.id == claim.id).with_for_update())
    db.session.refresh(claim)


def list_claims(
    keep: ClaimFilter | None = None, *, criterion: str = "", limit: int = 20, offset: int = 0
) -> Sequence[Claim]:
    """Claims that `keep` and `criterion` let through: oldest first, by end date for the expiring ones."""
    by_end = keep in (ClaimFilter.EXPIRING, ClaimFilter.EXPIRED)
    order = Claim.valid_until if by_end else Claim.created_at
    query = _kept(keep, criterion).options(*_WHOLE).order_by(order, Claim.id)
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def count_claims(keep: ClaimFilter | None = None, *, criterion: str = "") -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_kept(keep, criterion).subquery())) or 0


def _kept(keep: ClaimFilter | None, criterion: str) -> sa.Select[Claim]:
    query = sa.select(Claim)
    if criterion:
        query = query.where(Claim.criterion_key == criterion)
    return query if keep is None else query.where(_condition(keep, today()))


def _condition(keep: ClaimFilter, day: date) -> sa.ColumnElement[bool]:
    alive = sa.or_(Claim.valid_until.is_(None), Claim.valid_until >= day)
    match keep:
        case ClaimFilter.AWAITING:
            return Claim.awaits_verification.is_(True)
        case ClaimFilter.DECLARED:
            return sa.and_(Claim.status == ClaimStatus.DECLARED, alive)
        case ClaimFilter.VERIFIED:
            return sa.and_(Claim.status == ClaimStatus.VERIFIED, alive)
        case ClaimFilter.REFUTED:
            return Claim.status == ClaimStatus.REFUTED
        case ClaimFilter.EXPIRING:
            return sa.and_(
                Claim.status != ClaimStatus.REFUTED, Claim.valid_until.between(day, day + EXPIRING_WITHIN)
            )
        case ClaimFilter.EXPIRED:
            return sa.and_(Claim.status != ClaimStatus.REFUTED, Claim.valid_until < day)
