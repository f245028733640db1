"""Needs for a vendor's offer, and needs alike in other administrations."""

from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus
from app.core.clock import now
from app.core.db import unit_of_work
from app.matchmaking.engine import engine
from app.matchmaking.engine.likeness import needs_like
from app.matchmaking.engine.reverse import needs_for
from app.matchmaking.services import proposals
from app.matchmaking.services.indexing import reindex_all
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.queries import get_need, published_needs
from app.needs.services import close_need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_need, make_offer, make_user, make_vendor
from tests.fakes import HashingEncoder
from tests.query_counts import counted_queries

PAY = "Calculer la paie des agents et produire leurs bulletins chaque mois."
VIDEO = "Des réunions en visioconférence entre les services, avec partage d’écran."


def indexed() -> None:
    with unit_of_work():
        reindex_all()


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    return make_vendor()


@pytest.fixture
def offer(vendor: Organisation) -> Offer:
    return make_offer(
        vendor, name="Écrans", summary="Visioconférence", facts={"open_source": ClaimStatus.DECLARED}
    )


def test_the_same_score_and_place_as_in_the_run(offer: Offer) -> None:
    make_offer(name="Autre", summary="Visioconférence", description=VIDEO)
    make_offer(make_administration(), kind=OfferKind.MUTUALISED)  # of another kind: ranked apart
    needs = [make_need(title="Réunions", description=VIDEO), make_need()]
    indexed()
    found = needs_for(offer, published_needs())
    assert found is not None
    assert {served.need_id for served in found.served} == {need.id for need in needs}
    assert found.served[0].need_id == needs[0].id
    for served in found.served:
        need = next(need for need in needs if need.id == served.need_id)
        mine = next(p for p in proposals.propose_offers(SYSTEM, need).proposals if p.offer_id == offer.id)
        assert (served.position, served.eligible) == (mine.rank, 2)
        assert served.score == pytest.approx(mine.score, abs=1e-9)
        assert served.contributions == mine.explanation["contributions"]


def test_what_one_criterion_keeps_out_of_reach(offer: Offer) -> None:
    strict = make_need(requires={"open_source": RequiredLevel.VERIFIED})
    silent = make_need(requires={"open_source": RequiredLevel.DECLARED, "sme": RequiredLevel.DECLARED})
    make_need(requires={"open_source": RequiredLevel.VERIFIED, "sme": RequiredLevel.DECLARED})  # two
    open_to_it = make_need(requires={"open_source": RequiredLevel.DECLARED})
    indexed()
    found = needs_for(offer, published_needs())
    assert found is not None
    assert [served.need_id for served in found.served] == [open_to_it.id]
    missed = {miss.need_id: (miss.failing["criterion"], miss.failing["reason_code"]) for miss in found.missed}
    assert missed == {strict.id: ("open_source", "declared_only"), silent.id: ("sme", "no_fact")}
    assert (found.served_count, found.missed_count, found.waiting) == (1, 2, 0)


def test_nothing_is_encoded_and_a_new_text_waits(offer: Offer) -> None:
    need = make_need()
    indexed()
    other = make_need(title="Pas encore encodé")
    encoder = engine().encoder
    assert isinstance(encoder, HashingEncoder)
    engine().search("a first question makes the engine ready")
    before = encoder.encoded
    found = needs_for(offer, published_needs())
    assert found is not None
    assert [served.need_id for served in found.served] == [need.id]
    assert found.waiting == 1
    assert needs_like(other, 5) is None
    assert encoder.encoded == before


def test_an_offer_without_vectors_is_not_searchable_yet(offer: Offer) -> None:
    make_need()
    indexed()
    fresh = make_offer()
    assert needs_for(fresh, published_needs()) is None


def test_the_vendor_reads_one_offer_at_a_time(
    vendor: Organisation, offer: Offer, client: IsolatedClient
) -> None:
    second = make_offer(vendor, name="Zébulon")
    strange = make_offer(name="Concurrent")
    make_need(title="Réunions à distance", description=VIDEO)
    make_need(title="Réunions libres", requires={"open_source": RequiredLevel.VERIFIED})
    make_need(title="Brouillon secret", status=NeedStatus.DRAFT, published_at=None)
    make_need(title="Besoin clos", status=NeedStatus.CLOSED)
    indexed()
    user = client.sign_in(make_user(Role.VENDOR, vendor))
    assert user.get("/besoins-correspondants").status_code == 200
    page = user.get(f"/besoins-correspondants?offre={offer.slug}")
    assert page.status_code == 200
    assert "Réunions à distance" in page.text
    assert "rang 1 sur 3" in page.text
    assert page.text.index("À un critère près") < page.text.index("Réunions libres")
    assert "déclaré, pas encore vérifié" in page.text
    assert "Brouillon secret" not in page.text
    assert "Besoin clos" not in page.text
    assert "Besoins pour Zébulon" in user.get(f"/besoins-correspondants?offre={second.slug}").text
    assert user.get(f"/besoins-correspondants?offre={strange.slug}").status_code == 404


def test_a_vendor_without_offer_is_told_what_to_do(app: Flask, client: IsolatedClient) -> None:
    user = client.sign_in(make_user(Role.VENDOR))
    assert "Aucune offre publiée" in user.get("/besoins-correspondants").text


def test_the_page_costs_the_same_with_more_needs(
    vendor: Organisation, offer: Offer, client: IsolatedClient
) -> None:
    user = client.sign_in(make_user(Role.VENDOR, vendor))

    def cost() -> int:
        indexed()
        user.get("/besoins-correspondants")
        with counted_queries() as statements:
            user.get("/besoins-correspondants")
        return len(statements)

    make_need(requires={"sme": RequiredLevel.DECLARED})
    make_need()
    few = cost()
    for _number in range(4):
        make_need(requires={"sme": RequiredLevel.DECLARED})
        make_need()
    assert cost() == few


def test_needs_alike_elsewhere(app: Flask, client: IsolatedClient) -> None:
    own = make_administration()
    need = make_need(own, title="Visioconférence", description=VIDEO)
    make_need(own, title="La même chez nous", description=VIDEO)
    twin = make_need(title="Visioconférence", description=VIDEO, published_at=now() - timedelta(days=1))
    make_need(title="Paie", description=PAY)
    user = client.sign_in(make_user(Role.AMBASSADOR, own))
    assert "Pas encore de comparaison" in user.get(f"/besoins/{need.id}/proches").text
    indexed()
    page = user.get(f"/besoins/{need.id}/proches").text
    assert twin.organisation.name in page
    assert f"/besoins/{twin.id}" in page
    assert "La même chez nous" not in page
    assert "bulletins" not in page
    assert "Paie" not in page
    assert f"/besoins/{need.id}/proches" in user.get(f"/besoins/{need.id}").text


def test_needs_alike_follow_what_is_written_and_closed_in_a_constant_number_of_queries(
    app: Flask, client: IsolatedClient
) -> None:
    need = make_need(title="Visioconférence", description=VIDEO)
    make_need(title="Paie", description=PAY)
    indexed()
    user, address = client.sign_in(make_user(Role.AMBASSADOR)), f"/besoins/{need.id}/proches"
    assert "Aucun besoin assez proche" in user.get(address).text
    twins = [make_need(title=f"Visioconférence {number}", description=VIDEO) for number in range(3)]
    indexed()
    assert all(f"/besoins/{twin.id}" in user.get(address).text for twin in twins)
    with counted_queries() as several:
        user.get(address)
    for twin in twins[1:]:
        with unit_of_work():
            close_need(SYSTEM, get_need(SYSTEM, twin.id))
    page = user.get(address).text
    assert [f"/besoins/{twin.id}" in page for twin in twins] == [True, False, False]
    with counted_queries() as one:
        user.get(address)
    assert len(one) == len(several)


def test_no_need_near_enough_is_said(app: Flask, client: IsolatedClient) -> None:
    need = make_need(title="Visioconférence", description=VIDEO)
    make_need(title="Paie", description=PAY)
    indexed()
    user = client.sign_in(make_user(Role.AMBASSADOR))
    assert "Aucun besoin assez proche" in user.get(f"/besoins/{need.id}/proches").text


def test_needs_alike_are_for_administrations(app: Flask, client: IsolatedClient) -> None:
    need = make_need()
    draft = make_need(status=NeedStatus.DRAFT, published_at=None)
    assert "/connexion" in client.get(f"/besoins/{need.id}/proches").location
    vendor = client.sign_in(make_user(Role.VENDOR))
    assert vendor.get(f"/besoins/{need.id}/proches").status_code == 404
    stranger = client.sign_in(make_user(Role.AMBASSADOR))
    assert stranger.get(f"/besoins/{draft.id}/proches").status_code == 404


def test_the_page_of_needs_alike_costs_the_same_with_more_of_them(app: Flask, client: IsolatedClient) -> None:
    need = make_need(title="Visioconférence", description=VIDEO)
    user = client.sign_in(make_user(Role.AMBASSADOR))

    def cost() -> int:
        indexed()
        with counted_queries() as statements:
            user.get(f"/besoins/{need.id}/proches")
        return len(statements)

    make_need(title="Visioconférence", description=VIDEO)
    cost()  # what a process reads once
    make_need(title="Visioconférence", description=VIDEO)
    few = cost()
    for _number in range(4):
        make_need(title="Visioconférence", description=VIDEO)
    assert cost() == few
