"""What everyone reads of an offer and of a company."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.clock import now
from app.core.db import db
from app.offers.enums import OfferKind, OfferStatus
from app.permissions import Role
from app.reference.enums import CriterionSubject
from tests.clients import IsolatedClient, another_client
from tests.factories import (
    make_administration,
    make_category,
    make_criterion,
    make_evidence,
    make_offer,
    make_user,
    make_vendor,
)
from tests.query_counts import counted_queries


def test_offer_page_shows_evidence_status_and_dates(client: IsolatedClient) -> None:
    vendor = make_vendor(name="Abeille", is_demo=True)
    criterion = make_criterion("open_source", label_fr="Code libre")
    values: dict[str, Any] = {"licence": "AGPL-3.0-only", "price_note": "4 € HT par agent"}
    offer = make_offer(vendor, categories=[make_category("48000000")], **values)
    offer.claims.append(
        Claim(
            attribute=criterion.attribute,
            statement="Le dépôt est public",
            issuer="Organisme <certificateur>",
            scope="Serveur",
            valid_until=date(2027, 3, 1),
            status=ClaimStatus.VERIFIED,
            decided_at=now(),
        )
    )
    db.session.flush()
    make_evidence(offer.claims[0], url="https://code.example/depot")
    db.session.commit()
    page = client.get(f"/offres/{offer.slug}").text
    for text in (
        "Code libre",
        "Oui, vérifié",
        "Le dépôt est public",
        "Organisme &lt;certificateur&gt;",
        "jusqu’au 1 mars 2027",
        "https://code.example/depot",
        "Démonstration",
        "AGPL-3.0-only",
        "4 € HT par agent",
        "Logiciels",
        "Abeille",
    ):
        assert text in page


def test_offer_page_shows_source_and_date_of_the_state(client: IsolatedClient) -> None:
    operator = make_administration(name="Opérateur")
    offer = make_offer(
        operator,
        kind=OfferKind.MUTUALISED,
        circle=1,
        source="Registre public",
        source_on=date(2026, 8, 20),
        users_scope="agents de l’État",
    )
    page = client.get(f"/offres/{offer.slug}").text
    for text in ("Registre public", "20 août 2026", "cercle 1", "agents de l’État", "Solution mutualisée"):
        assert text in page


def test_offer_page_says_what_follows_from_another_criterion(client: IsolatedClient) -> None:
    make_criterion("eu_hosting", label_fr="Hébergement européen", implied_by=["secnumcloud"], position=9)
    make_criterion("secnumcloud", label_fr="Qualification SecNumCloud", position=8)
    offer = make_offer(facts={"secnumcloud": ClaimStatus.VERIFIED})
    page = client.get(f"/offres/{offer.slug}").text
    assert "Découle du critère « Qualification SecNumCloud »" in page
    assert page.count("Oui, vérifié") == 2


@pytest.mark.parametrize("status", [OfferStatus.DRAFT, OfferStatus.WITHDRAWN])
def test_offer_page_not_published_is_for_its_company_only(
    client: IsolatedClient, app: Flask, status: OfferStatus
) -> None:
    vendor = make_vendor()
    offer = make_offer(vendor, status=status, name="Secret de fabrique")
    for user in (None, make_user(Role.VENDOR), make_user(Role.AMBASSADOR)):
        visitor = another_client(app)
        if user is not None:
            visitor.sign_in(user)
        answer = visitor.get(f"/offres/{offer.slug}")
        assert answer.status_code == 404
        assert "Secret de fabrique" not in answer.text
    answer = client.sign_in(make_user(Role.VENDOR, vendor)).get(f"/offres/{offer.slug}")
    assert answer.status_code == 200
    assert "Vous seul voyez cette page" in answer.text


def test_offer_page_of_an_unknown_slug_is_not_found(client: IsolatedClient) -> None:
    assert client.get("/offres/rien").status_code == 404


def test_vendor_page_shows_its_published_offers_and_claims(client: IsolatedClient) -> None:
    vendor = make_vendor(name="Abeille", city="Lyon")
    make_offer(vendor, name="Ruche")
    make_offer(vendor, name="Essaim caché", status=OfferStatus.DRAFT, published_at=None)
    make_offer(name="Offre d’un autre")
    criterion = make_criterion("sme", subject=CriterionSubject.ORGANISATION, label_fr="PME")
    db.session.add(
        Claim(organisation=vendor, attribute=criterion.attribute, statement="Moins de 250 salariés")
    )
    page = client.get(f"/fournisseurs/{vendor.slug}").text
    assert "Ruche" in page
    assert "Lyon, France" in page
    assert "Moins de 250 salariés" in page
    assert "Essaim caché" not in page
    assert "Offre d’un autre" not in page


def test_vendor_page_of_an_administration_is_not_found(client: IsolatedClient) -> None:
    assert client.get(f"/fournisseurs/{make_administration().slug}").status_code == 404


def test_vendor_page_costs_the_same_with_three_offers(client: IsolatedClient) -> None:
    counts = []
    for offers in (1, 3):
        vendor = make_vendor()
        for _ in range(offers):
            make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
        db.session.commit()
        with counted_queries() as statements:
            assert client.get(f"/fournisseurs/{vendor.slug}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
