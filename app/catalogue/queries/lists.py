"""Pages of offers, the solutions the State shares, vendors by name."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.models import Organisation
from app.core.db import db
from app.core.folded import matching_words
from app.core.paging import FIRST, Asked, Part, part_of
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer


def offers_in_order(ids: Sequence[int]) -> list[Offer]:
    """One page of offers, with what a list shows of each."""
    query = (
        sa.select(Offer)
        .where(Offer.id.in_(ids), Offer.status == OfferStatus.PUBLISHED)
        .options(joinedload(Offer.organisation), defer(Offer.description))
    )
    found = {offer.id: offer for offer in db.session.scalars(query)}
    return [found[offer_id] for offer_id in ids if offer_id in found]


def mutualised_offers() -> Sequence[Offer]:
    """Solutions the State shares: first those of La Suite by circle, then the others, by name."""
    query = (
        sa.select(Offer)
        .where(Offer.kind == OfferKind.MUTUALISED, Offer.status == OfferStatus.PUBLISHED)
        .options(joinedload(Offer.organisation))
        .order_by(Offer.circle.is_(None), Offer.circle, Offer.name_key, Offer.id)
    )
    return db.session.scalars(query).all()


def vendors(*, text: str = "", asked: Asked = FIRST, size: int) -> Part[tuple[Organisation, int]]:
    """Companies by name, with how many offers each publishes."""
    count = (
        sa.select(sa.func.count(Offer.id))
        .where(Offer.organisation_id == Organisation.id, Offer.status == OfferStatus.PUBLISHED)
        .scalar_subquery()
    )
    named = matching_words(Organisation.search_text, text)
    shown = Organisation.kind == OrganisationKind.VENDOR, Organisation.standing == Standing.ACTIVE
    query = sa.select(Organisation, count).where(*shown, *named)
    return part_of(query, Organisation.name_key, Organisation.id, asked=asked, size=size)
