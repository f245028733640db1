"""The catalogue in memory follows what is committed and the day asked, without a restart."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.catalogue.engine import Choice, catalogue
from app.catalogue.engine.current import Catalogue
from app.claims.enums import ClaimStatus
from app.core import clock
from app.core.clock import today
from app.core.db import db
from app.matchmaking.services.indexing import note_offer_change
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from tests.clients import IsolatedClient
from tests.conftest import NOW
from tests.factories import make_category, make_criterion, make_offer, make_vendor
from tests.query_counts import counted_queries

CHOICES = (
    Choice(),
    Choice(declared=frozenset({"open_source"})),
    Choice(verified=frozenset({"open_source"})),
    Choice(countries=frozenset({"DE"}), sort="recent"),
    Choice(divisions=frozenset({"48"}), sort="nom"),
)


def _announce(*offers: Offer) -> None:
    for offer in offers:
        note_offer_change(offer.id)
    db.session.commit()


def _agrees_with_a_fresh_one(day: date) -> bool:
    kept, fresh = catalogue().on(day), Catalogue().on(day)
    for choice in CHOICES:
        mine, anew = kept.select(choice), fresh.select(choice)
        assert (mine.ids.tolist(), mine.counts) == (anew.ids.tolist(), anew.counts)
    return True


def test_what_is_published_edited_and_withdrawn_is_followed(app: Flask) -> None:
    german = make_vendor(country="DE")
    first, second = make_offer(name="Alpha"), make_offer(german, name="Bêta")
    assert catalogue().on(today()).select(Choice()).ids.tolist() == [first.id, second.id]
    third = make_offer(name="Avant", categories=[make_category("48000000")])
    first.name = "Zêta"
    second.status = OfferStatus.WITHDRAWN
    _announce(first, second, third)
    assert catalogue().on(today()).select(Choice()).ids.tolist() == [third.id, first.id]
    assert _agrees_with_a_fresh_one(today())


def test_a_claim_counts_from_its_first_day_to_its_last(app: Flask) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_from, offer.claims[0].valid_until = date(2026, 12, 1), date(2027, 3, 31)
    db.session.commit()
    asked = [date(2026, 11, 30), date(2026, 12, 1), date(2027, 3, 31), date(2027, 4, 1)]
    found = [catalogue().on(day).select(CHOICES[2]).ids.tolist() for day in [*asked, *asked[::-1]]]
    held = [[], [offer.id], [offer.id], []]
    assert found == [*held, *held[::-1]]


def test_a_claim_about_a_company_turns_for_all_its_offers(app: Flask) -> None:
    vendor = make_vendor()
    offers = [
        make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED}),
        make_offer(vendor),
        make_offer(),
    ]
    claim = offers[0].claims[0]
    claim.offer_id, claim.valid_until = None, date(2026, 12, 31)
    db.session.commit()
    for day, expected in ((date(2026, 12, 31), offers[:2]), (date(2027, 1, 1), [])):
        found = catalogue().on(day).select(CHOICES[2]).ids.tolist()
        assert found == [offer.id for offer in expected]
        assert _agrees_with_a_fresh_one(day)


def test_a_criterion_that_begins_to_imply_another_is_followed(app: Flask) -> None:
    make_criterion("open_source")
    offer = make_offer(facts={"eupl": ClaimStatus.VERIFIED})
    assert catalogue().on(today()).select(CHOICES[2]).ids.tolist() == []
    make_criterion("open_source").implied_by = ["eupl"]
    db.session.commit()
    assert catalogue().on(today()).select(CHOICES[2]).ids.tolist() == [offer.id]


def test_midnight_needs_no_restart(client: IsolatedClient) -> None:
    offer = make_offer(name="Bientôt périmée", facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = NOW.date()
    db.session.commit()
    assert "Bientôt périmée" in client.get("/offres?verifie=open_source").text
    with clock.fixed_at(NOW + timedelta(days=1)):
        assert "Bientôt périmée" not in client.get("/offres?verifie=open_source").text
    assert "Bientôt périmée" in client.get("/offres?verifie=open_source").text


@pytest.mark.parametrize("many", [1, 30])
def test_a_question_costs_the_same_however_many_offers(app: Flask, many: int) -> None:
    vendor = make_vendor()
    for _number in range(many):
        make_offer(vendor)
    catalogue().on(today())
    with counted_queries() as statements:
        catalogue().on(today())
    assert len(statements) == 2
