"""Reading offers: who sees a draft, and which evidence wins."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.offers import queries
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import VISITOR, Role
from tests.factories import make_criterion, make_offer, make_user, make_vendor
from tests.query_counts import counted_queries

TODAY = date(2026, 11, 22)


def known(offer: Offer) -> dict[str, tuple[bool, str]]:
    facts = queries.facts_of([offer], TODAY)[offer.id]
    return {key: (fact.value, fact.level) for key, fact in facts.items()}


def add_claim(offer: Offer, key: str, status: ClaimStatus = ClaimStatus.DECLARED, **values: object) -> Claim:
    decided_at = None if status is ClaimStatus.DECLARED else now()
    claim = Claim(criterion=make_criterion(key), status=status, **{"decided_at": decided_at, **values})
    if "organisation" not in values:
        claim.offer_id, claim.organisation_id = offer.id, offer.organisation_id
    db.session.add(claim)
    db.session.commit()
    return claim


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


def test_facts_of_prefer_verified_to_declared(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.VERIFIED)
    add_claim(offer, "open_source", ClaimStatus.DECLARED, value=False, created_at=now() + timedelta(days=1))
    assert known(offer) == {"open_source": (True, "verified")}


def test_facts_of_prefer_the_newest_among_equals(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", value=True, created_at=now() - timedelta(days=1))
    add_claim(offer, "open_source", value=False)
    assert known(offer) == {"open_source": (False, "declared")}


def test_facts_of_take_a_refuted_claim_for_the_contrary(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.REFUTED, valid_until=TODAY - timedelta(days=1))
    assert known(offer) == {"open_source": (False, "verified")}


@pytest.mark.parametrize(
    "dates",
    [{"valid_until": TODAY - timedelta(days=1)}, {"valid_from": TODAY + timedelta(days=1)}],
)
def test_facts_of_leave_out_claims_out_of_their_dates(app: Flask, dates: dict[str, date]) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.VERIFIED, **dates)
    assert known(offer) == {}


def test_facts_of_hold_on_the_last_day(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", valid_from=TODAY, valid_until=TODAY)
    assert known(offer) == {"open_source": (True, "declared")}


def test_facts_of_join_those_of_the_company(app: Flask) -> None:
    vendor = make_vendor()
    mine, other = make_offer(vendor), make_offer()
    add_claim(mine, "sme", organisation=vendor)
    add_claim(mine, "open_source")
    assert known(mine) == {"sme": (True, "declared"), "open_source": (True, "declared")}
    assert known(other) == {}


def test_facts_of_many_offers_take_as_many_queries_as_one(app: Flask) -> None:
    offers = [make_offer(facts={"open_source": ClaimStatus.DECLARED}) for _ in range(3)]
    loaded = queries.published_offers([offer.id for offer in offers])
    counts = []
    for some in (loaded[:1], loaded):
        with counted_queries() as statements:
            facts = queries.facts_of(some, TODAY)
            assert [fact["open_source"].claim.criterion.label for fact in facts.values()]
        counts.append(len(statements))
    assert counts == [1, 1]


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
