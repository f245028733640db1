"""Reading offers: who sees a draft, and which evidence wins."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.core.db import db
from app.core.errors import NotFound
from app.offers import queries
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import VISITOR, Role
from tests.factories import make_offer, make_user, make_vendor

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("status", [OfferStatus.DRAFT, OfferStatus.WITHDRAWN])
def test_get_offer_hides_what_is_not_published(app: Flask, status: OfferStatus) -> None:
    vendor = make_vendor()
    offer = make_offer(vendor, status=status)
    owner, stranger = make_user(Role.VENDOR, vendor), make_user(Role.VENDOR)
    assert queries.get_offer(actor_of(owner), offer.id) is offer
    assert queries.get_offer_by_slug(actor_of(owner), offer.slug) is offer
    for actor in (actor_of(stranger), VISITOR):
        with pytest.raises(NotFound):
            queries.get_offer(actor, offer.id)
        with pytest.raises(NotFound):
            queries.get_offer_by_slug(actor, offer.slug)


def test_get_offer_shows_a_published_one_to_everyone(app: Flask) -> None:
    offer = make_offer()
    assert queries.get_offer(VISITOR, offer.id) is offer
    with pytest.raises(NotFound):
        queries.get_offer_to_edit(VISITOR, offer.id)
    with pytest.raises(NotFound):
        queries.get_offer(VISITOR, offer.id + 1)


def test_published_offers_leaves_drafts_out(app: Flask) -> None:
    offers = [make_offer(), make_offer()]
    draft = make_offer(status=OfferStatus.DRAFT, published_at=None)
    assert list(queries.published_offers()) == offers
    assert list(queries.published_offers([offers[1].id, draft.id])) == [offers[1]]


def test_vendors_with_offers_counts_published_ones(app: Flask) -> None:
    vendor = make_vendor(name="Abeille")
    make_offer(vendor)
    make_offer(vendor, status=OfferStatus.DRAFT, published_at=None)
    make_vendor(name="Sans offre")
    assert queries.vendors_with_offers() == [(vendor, 1)]


def test_free_software_draft_is_for_those_who_import(app: Flask) -> None:
    offer = make_offer(kind=OfferKind.FREE_SOFTWARE, status=OfferStatus.DRAFT, published_at=None)
    offer.organisation = None
    db.session.commit()
    with pytest.raises(NotFound):
        queries.get_offer(actor_of(make_user(Role.VENDOR)), offer.id)
    assert queries.get_offer(actor_of(make_user(Role.MODERATOR)), offer.id) is offer
    assert db.session.scalar(sa.select(sa.func.count(Offer.id))) == 1
