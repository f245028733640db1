"""A vendor's pages: write an offer, publish it, withdraw it; two editors; somebody else's offer."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus
from app.core.db import db
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.permissions import Role
from tests.clients import IsolatedClient, another_client, hidden
from tests.factories import make_category, make_offer, make_user, make_vendor
from tests.query_counts import counted_queries

DESCRIPTION = "Une messagerie de groupe, hébergée en France et ouverte aux partenaires."


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    return make_vendor()


@pytest.fixture
def member(client: IsolatedClient, vendor: Organisation) -> IsolatedClient:
    """A client signed in as the company's."""
    return client.sign_in(make_user(Role.VENDOR, vendor))


def answers(vendor: Organisation, **values: str) -> dict[str, str]:
    given = {
        "organisation_id": str(vendor.id),
        "name": "Parlons",
        "summary": "Messagerie de groupe",
        "description": DESCRIPTION,
        "language": "fr",
    }
    return given | values


def test_create_keeps_a_draft(member: IsolatedClient, vendor: Organisation) -> None:
    make_category("48000000")
    assert member.get("/mes-offres/nouvelle").status_code == 200
    answer = member.post("/mes-offres/nouvelle", data=answers(vendor, **{"categories-0": "48000000"}))
    assert (answer.status_code, answer.location) == (302, "/mes-offres")
    offer = db.session.scalars(sa.select(Offer)).one()
    assert (offer.name, offer.status) == ("Parlons", OfferStatus.DRAFT)
    assert [category.code for category in offer.categories] == ["48000000"]


def test_create_and_publish_at_once(member: IsolatedClient, vendor: Organisation) -> None:
    answer = member.post("/mes-offres/nouvelle", data=answers(vendor, then="publish"))
    offer = db.session.scalars(sa.select(Offer)).one()
    assert (answer.status_code, answer.location) == (302, f"/mes-offres/{offer.id}/attestations")
    assert offer.status is OfferStatus.PUBLISHED


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "Renseignez ce champ."),
        ({"licence": "ma licence"}, "Licence inconnue"),
        ({"lead_time_days": "bientôt"}, "Saisissez un nombre entier"),
        ({"lead_time_days": "-3"}, "Saisissez un nombre entre 0 et 3650"),
        ({"website": "mon site"}, "Saisissez une adresse complète"),
        ({"categories-0": "99999999"}, "Choisissez une réponse dans la liste."),
        ({"summary": "", "then": "publish"}, "Résumez l’offre en une phrase"),
        ({"description": "Court", "then": "publish"}, "Décrivez l’offre (au moins 40 caractères)"),
    ],
)
def test_create_with_a_wrong_answer_keeps_what_was_typed(
    member: IsolatedClient, vendor: Organisation, values: dict[str, str], message: str
) -> None:
    answer = member.post("/mes-offres/nouvelle", data=answers(vendor, price_note="4 € par agent", **values))
    assert answer.status_code == 422
    assert message in answer.text
    assert "4 € par agent" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Offer.id))) == 0


def test_create_for_another_company_is_not_a_choice(member: IsolatedClient) -> None:
    answer = member.post("/mes-offres/nouvelle", data=answers(make_vendor()))
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Offer.id))) == 0


def test_edit_saves_and_second_editor_loses_nothing(member: IsolatedClient, vendor: Organisation) -> None:
    offer = make_offer(vendor, name="Parlons", status=OfferStatus.DRAFT, published_at=None)
    address = f"/mes-offres/{offer.id}/modifier"
    read = hidden(member.get(address).text)
    first = member.post(address, data=answers(vendor, summary="La première", **read))
    assert first.status_code == 302
    second = member.post(address, data=answers(vendor, summary="La seconde", price_note="4 €", **read))
    assert second.status_code == 409
    for text in ("La première", "La seconde", "Une autre personne a enregistré", "prendre-summary"):
        assert text in second.text
    db.session.expire_all()
    assert offer.summary == "La première"
    given = answers(vendor, summary="La troisième", price_note="4 €", **hidden(second.text))
    assert member.post(address, data=given).status_code == 302
    db.session.expire_all()
    assert (offer.summary, offer.price_note) == ("La troisième", "4 €")


@pytest.mark.parametrize("value", ["x", "9" * 20])
def test_edit_with_a_tampered_revision_is_a_conflict(
    member: IsolatedClient, vendor: Organisation, value: str
) -> None:
    offer = make_offer(vendor)
    data = answers(vendor, revision=value, original=value)
    assert member.post(f"/mes-offres/{offer.id}/modifier", data=data).status_code == 409
    assert member.post(f"/offres/{offer.slug}/brouillon", data=data).status_code == 409
    assert member.post(f"/mes-offres/{offer.id}/publier", data={"revision": value}).status_code == 409
    assert member.get(f"/mes-offres/{value}/modifier").status_code == 404


def test_edit_keeps_every_category(member: IsolatedClient, vendor: Organisation) -> None:
    codes = ["48000000", "48100000", "48200000", "48300000", "72000000"]
    offer = make_offer(vendor, categories=[make_category(code) for code in codes])
    chosen = {f"categories-{n}": code for n, code in enumerate(codes)}
    address = f"/mes-offres/{offer.id}/modifier"
    page = member.get(address).text
    assert [code for code in codes if f'selected value="{code}"' in page] == codes
    assert member.post(address, data=answers(vendor, **hidden(page), **chosen)).status_code == 302
    assert member.post(f"/mes-offres/{offer.id}/publier").status_code == 302
    db.session.expire_all()
    assert [category.code for category in offer.categories] == codes


def test_a_version_stays_readable_as_it_was(member: IsolatedClient, vendor: Organisation, app: Flask) -> None:
    offer = make_offer(vendor, name="Parlons", summary="Avant")
    address = f"/mes-offres/{offer.id}/modifier"
    given = answers(vendor, summary="Après", then="publish", **hidden(member.get(address).text))
    preview = member.post(address, data=given)
    assert preview.location == f"/mes-offres/{offer.id}/publier"
    page = member.get(preview.location).text
    for text in ("Avant", "Après", "un changement de fond"):
        assert text in page
    member.post(preview.location, data={"note": "Nouvelle gamme", "nature": "substantive"})
    visitor = another_client(app)
    assert "Avant" in visitor.get(f"/offres/{offer.slug}/versions/1").text
    assert "Nouvelle gamme" in visitor.get(f"/offres/{offer.slug}/versions").text
    assert "Avant" in visitor.get(f"/offres/{offer.slug}/versions/comparer").text
    member.post(f"/mes-offres/{offer.id}/retirer")
    assert visitor.get(f"/offres/{offer.slug}/versions/1").status_code == 404
    buyer = another_client(app).sign_in(make_user(Role.AMBASSADOR))
    assert "Avant" in buyer.get(f"/offres/{offer.slug}/versions/1").text


@pytest.mark.parametrize("action", ["modifier", "retirer", "attestations"])
def test_pages_of_another_company_are_not_found(member: IsolatedClient, action: str) -> None:
    offer = make_offer(status=OfferStatus.DRAFT, published_at=None)
    assert member.get(f"/mes-offres/{offer.id}/{action}").status_code == 404
    assert member.post(f"/mes-offres/{offer.id}/{action}").status_code == 404


def test_publish_of_another_company_is_not_found(member: IsolatedClient) -> None:
    offer = make_offer(status=OfferStatus.DRAFT, published_at=None, description=DESCRIPTION)
    assert member.post(f"/mes-offres/{offer.id}/publier").status_code == 404
    db.session.expire_all()
    assert offer.status is OfferStatus.DRAFT


def stored_status(offer: Offer) -> OfferStatus:
    db.session.expire_all()
    return offer.status


def test_publish_then_withdraw_after_asking(member: IsolatedClient, vendor: Organisation) -> None:
    offer = make_offer(vendor, status=OfferStatus.DRAFT, published_at=None, description=DESCRIPTION)
    assert member.post(f"/mes-offres/{offer.id}/publier").status_code == 302
    page = member.get(f"/mes-offres/{offer.id}/retirer")
    assert "Retirer cette offre ?" in page.text
    assert stored_status(offer) is OfferStatus.PUBLISHED
    assert member.post(f"/mes-offres/{offer.id}/retirer").status_code == 302
    assert stored_status(offer) is OfferStatus.WITHDRAWN
    assert member.post(f"/mes-offres/{offer.id}/retirer").status_code == 409


def test_publish_an_incomplete_draft_opens_its_form(member: IsolatedClient, vendor: Organisation) -> None:
    offer = make_offer(vendor, status=OfferStatus.DRAFT, published_at=None, summary="")
    answer = member.post(f"/mes-offres/{offer.id}/publier")
    assert answer.status_code == 422
    assert "Résumez l’offre en une phrase" in answer.text
    assert offer.name in answer.text


@pytest.mark.parametrize("path", ["/mes-offres", "/mes-offres/nouvelle"])
def test_pages_of_vendors_are_closed_to_others(client: IsolatedClient, app: Flask, path: str) -> None:
    assert client.get(path).status_code == 302
    ambassador = another_client(app)
    assert ambassador.sign_in(make_user(Role.AMBASSADOR)).get(path).status_code == 404


def test_mine_without_offers_says_what_to_do(member: IsolatedClient) -> None:
    assert "Aucune offre pour l’instant" in member.get("/mes-offres").text


def test_mine_costs_the_same_with_three_offers(client: IsolatedClient, app: Flask) -> None:
    counts = []
    for offers in (1, 3):
        vendor = make_vendor()
        for _ in range(offers):
            make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
        signed_in = another_client(app)
        signed_in.sign_in(make_user(Role.VENDOR, vendor))
        with counted_queries() as statements:
            assert signed_in.get("/mes-offres").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
