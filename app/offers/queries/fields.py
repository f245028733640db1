"""What says something by its fields, by number."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from app.accounts.models import Organisation
from app.core.db import db
from app.offers.models import Offer


def offers_that_say() -> Sequence[int]:
    """Offers whose licence or lead time is known."""
    said = sa.or_(Offer.licence.is_not(None), Offer.lead_time_days.is_not(None))
    return db.session.scalars(sa.select(Offer.id).where(said).order_by(Offer.id)).all()


def vendors_of_known_size() -> Sequence[int]:
    query = sa.select(Organisation.id).where(Organisation.vendor_size.is_not(None))
    return db.session.scalars(query.order_by(Organisation.id)).all()


def offers_by_id(ids: Iterable[int]) -> Sequence[Offer]:
    return db.session.scalars(sa.select(Offer).where(Offer.id.in_(list(ids))).order_by(Offer.id)).all()
