"""Contests as a moderator works through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.claims.enums import ContestStatus
from app.claims.models import Claim, Contest
from app.core.db import db
from app.core.errors import NotFound
from app.moderation.queries.claims import ClaimLine, get_claim
from app.offers.models import Offer
from app.permissions import Actor, Permission, require_visible

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ContestLine:
    id: int
    subject: str
    criterion: str
    at: datetime
    is_answered: bool
    is_seconded: bool


def get_contest(actor: Actor, contest_id: int) -> tuple[Contest, ClaimLine]:
    """A contest with the claim that it is about, or NotFound."""
    require_visible(actor, Permission.CLAIM_DECIDE)
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        raise NotFound
    return contest, get_claim(actor, contest.claim_id)


def open_contests() -> Sequence[ContestLine]:
    """The oldest that wait for a decision."""
    query = (
        sa.select(Contest, Claim, Offer.name)
        .join(Claim, Claim.id == Contest.claim_id)
        .outerjoin(Offer, Offer.id == Claim.offer_id)
        .where(Contest.status == ContestStatus.OPEN)
        .options(joinedload(Claim.attribute), joinedload(Claim.organisation))
        .order_by(Contest.at, Contest.id)
        .limit(AT_ONCE)
    )
    return [
        ContestLine(
            contest.id,
            name or (claim.organisation.name if claim.organisation else ""),
            claim.attribute.label,
            contest.at,
            contest.answered_at is not None,
            contest.seconded_by_id is not None,
        )
        for contest, claim, name in db.session.execute(query)
    ]
