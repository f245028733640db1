"""Reading claims as a moderator works through them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.presenters import value_text
from app.core.clock import today
from app.core.db import db
from app.core.errors import NotFound
from app.core.paging import FIRST, Asked, Part, part_of
from app.moderation.enums import ClaimFilter
from app.offers.models import Offer
from app.permissions import Actor, Permission, require_visible

MOST_EARLIER = 10
EXPIRING_WITHIN, ONE_DAY = timedelta(days=60), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim with what it speaks of; `offer` is None when that is the whole organisation."""

    claim: Claim
    offer: Offer | None

    @property
    def value(self) -> str:
        """What it affirms, in words."""
        return value_text(self.claim.attribute, self.claim.value)

    @property
    def found(self) -> str:
        """What the evidence establishes instead, in words; empty where nothing contradicts it."""
        return value_text(self.claim.attribute, self.claim.found) if self.claim.found is not None else ""


def get_claim(actor: Actor, claim_id: int) -> ClaimLine:
    """A claim with its offer, vendor and criterion. Raises NotFound for who may not decide."""
    require_visible(actor, Permission.CLAIM_DECIDE)
    found = db.session.execute(_with_offer(sa.select(Claim).where(Claim.id == claim_id))).one_or_none()
    if found is None:
        raise NotFound
    return ClaimLine(*found)


def earlier_claims(claim: Claim) -> Sequence[Claim]:
    """What was said before of the same, newest first, with its evidence."""
    query = sa.select(Claim).where(
        Claim.offer_id.is_not_distinct_from(claim.offer_id),
        Claim.organisation_id.is_not_distinct_from(claim.organisation_id),
        Claim.attribute_key == claim.attribute_key,
        Claim.id < claim.id,
    )
    whole = (joinedload(Claim.attribute), selectinload(Claim.pieces))
    return db.session.scalars(query.options(*whole).order_by(Claim.id.desc()).limit(MOST_EARLIER)).all()


def find_offer(claim: Claim) -> Offer | None:
    """The offer a claim speaks of, None for a whole organisation."""
    return db.session.get(Offer, claim.offer_id) if claim.offer_id is not None else None


def list_claims(
    keep: ClaimFilter | None = None, *, criterion: str = "", asked: Asked = FIRST, size: int = 20
) -> Part[ClaimLine]:
    """Claims that `keep` and `criterion` let through: oldest first, by end date for the expiring ones."""
    by_end = keep in (ClaimFilter.EXPIRING, ClaimFilter.EXPIRED)
    order = Claim.valid_until if by_end else Claim.created_at
    part = part_of(_with_offer(_kept(keep, criterion)), order, Claim.id, asked=asked, size=size)
    return replace(part, items=[ClaimLine(claim, offer) for claim, offer in part.items])


def _with_offer(query: sa.Select[Claim]) -> "sa.Select[Claim, Offer]":
    """With offer, organisation and criterion, in one query."""
    whole = (joinedload(Claim.organisation), joinedload(Claim.attribute))
    return query.add_columns(Offer).outerjoin(Offer, Offer.id == Claim.offer_id).options(*whole)


def count_claims(keep: ClaimFilter | None = None, *, criterion: str = "") -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_kept(keep, criterion).subquery())) or 0


def _kept(keep: ClaimFilter | None, criterion: str) -> sa.Select[Claim]:
    query = sa.select(Claim)
    if criterion:
        query = query.where(Claim.attribute_key == criterion)
    return query if keep is None else query.where(_condition(keep, today()))


def _condition(keep: ClaimFilter, day: date) -> sa.ColumnElement[bool]:
    match keep:
        case ClaimFilter.AWAITING:
            return Claim.awaits_verification.is_(True)
        case ClaimFilter.EXPIRING:
            return Claim.holding(day) & Claim.expired(day + EXPIRING_WITHIN + ONE_DAY)
        case ClaimFilter.EXPIRED:
            return Claim.expired(day)
        case _:
            return (Claim.status == ClaimStatus(keep.value)) & ~Claim.expired(day)
