"""Changes published as corrections of offers of which something is verified, for moderators to read."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.content.enums import Nature
from app.core.db import db
from app.offers.models import CorrectionRuling, Offer, OfferVersion


def find_ruling(offer_id: int, number: int) -> CorrectionRuling | None:
    return db.session.get(CorrectionRuling, (offer_id, number))


def waiting_corrections(size: int) -> Sequence[tuple[OfferVersion, Offer]]:
    """Oldest first: those that nobody has ruled on, of offers with claims verified on an earlier version."""
    ruled = sa.exists().where(
        CorrectionRuling.offer_id == OfferVersion.thing_id, CorrectionRuling.number == OfferVersion.number
    )
    verified = sa.exists().where(
        Claim.offer_id == OfferVersion.thing_id,
        Claim.status == ClaimStatus.VERIFIED,
        _before(OfferVersion.number),
    )
    query = (
        sa.select(OfferVersion, Offer)
        .join(Offer, Offer.id == OfferVersion.thing_id)
        .where(OfferVersion.nature == Nature.CORRECTION, OfferVersion.number > 1, verified, ~ruled)
        .options(joinedload(OfferVersion.author))
        .order_by(OfferVersion.at, OfferVersion.thing_id, OfferVersion.number)
    )
    return [(version, offer) for version, offer in db.session.execute(query.limit(size))]


def verified_before(offer_id: int, number: int) -> Sequence[Claim]:
    """Claims about the offer that were verified on a version before this one."""
    query = sa.select(Claim).where(
        Claim.offer_id == offer_id, Claim.status == ClaimStatus.VERIFIED, _before(number)
    )
    return db.session.scalars(query.options(joinedload(Claim.attribute)).order_by(Claim.id)).all()


def _before(
    number: "sa.ColumnElement[int] | int | sa.orm.InstrumentedAttribute[int]",
) -> sa.ColumnElement[bool]:
    return sa.or_(Claim.offer_version.is_(None), Claim.offer_version < number)
