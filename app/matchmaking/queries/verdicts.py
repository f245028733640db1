"""Reading verdicts for an export: of needs that are, or were, public."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from app.core.db import db
from app.matchmaking.models import Verdict
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer


def public_verdicts() -> Sequence[Verdict]:
    """Each with its need and its offer, in one query; drafts are nobody else's business."""
    query = (
        sa.select(Verdict)
        .join(Verdict.need)
        .join(Verdict.offer)
        .options(contains_eager(Verdict.need), contains_eager(Verdict.offer))
        .where(Need.published_at.is_not(None))
        .order_by(Verdict.need_id, Verdict.offer_id)
    )
    return db.session.scalars(query).all()


def offers_to_rank(judged: Collection[int]) -> Sequence[Offer]:
    """Published offers, and those of `judged` withdrawn since, with their categories."""
    query = (
        sa.select(Offer)
        .where(sa.or_(Offer.status == OfferStatus.PUBLISHED, Offer.id.in_(list(judged))))
        .options(selectinload(Offer.categories))
        .order_by(Offer.id)
    )
    return db.session.scalars(query).all()
