"""Pages of claims: declare, ask for verification, withdraw, for an offer or for the company."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.db import db
from app.permissions import Role
from app.reference.enums import CriterionSubject
from tests.clients import IsolatedClient
from tests.factories import make_criterion, make_evidence, make_offer, make_user, make_vendor


@pytest.fixture
def vendor(app: Flask) -> Organisation:
    return make_vendor()


@pytest.fixture
def member(client: IsolatedClient, vendor: Organisation) -> IsolatedClient:
    """A client signed in as the company's."""
    return client.sign_in(make_user(Role.VENDOR, vendor))


def answers(**values: str) -> dict[str, str]:
    return {"attribute_key": "open_source", "value": "yes", "statement": "Le dépôt est public", **values}


def test_declare_about_an_offer(member: IsolatedClient, vendor: Organisation) -> None:
    make_criterion("open_source")
    offer = make_offer(vendor)
    address = f"/mes-offres/{offer.id}/attestations"
    assert "Aucune attestation" in member.get(address).text
    given = answers(value="no", valid_from="2026-01-01", valid_until="2026-12-31", asks_verification="y")
    refused = member.post(address, data=given)
    assert refused.status_code == 422
    assert "Joignez d’abord une preuve" in refused.text
    given |= {"evidence_url": "https://depot.example/code", "evidence_title": "Dépôt", "visibility": "public"}
    assert member.post(address, data=given).status_code == 302
    claim = db.session.scalars(sa.select(Claim)).one()
    assert (claim.offer_id, claim.value, claim.awaits_verification) == (offer.id, False, True)
    page = member.get(address).text
    assert "Le dépôt est public" in page
    assert "vérification demandée" in page


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"value": "peut-être"}, "Choisissez une réponse dans la liste."),
        ({"statement": ""}, "Renseignez ce champ."),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "La fin précède le début"),
        ({"valid_from": "hier"}, "Saisissez une date complète"),
        ({"evidence_url": "ma preuve"}, "Saisissez une adresse complète"),
    ],
)
def test_declare_with_a_wrong_answer_keeps_what_was_typed(
    member: IsolatedClient, vendor: Organisation, values: dict[str, str], message: str
) -> None:
    make_criterion("open_source")
    offer = make_offer(vendor)
    given = answers(issuer="Organisme témoin") | values
    answer = member.post(f"/mes-offres/{offer.id}/attestations", data=given)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Organisme témoin" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Claim.id))) == 0


def test_declare_about_the_company_offers_its_criteria_only(
    member: IsolatedClient, vendor: Organisation
) -> None:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    make_criterion("secnumcloud")
    address = f"/entreprise/{vendor.id}/attestations"
    page = member.get(address).text
    assert 'value="sme"' in page
    assert 'value="secnumcloud"' not in page
    assert member.post(address, data=answers(attribute_key="secnumcloud")).status_code == 422
    assert member.post(address, data=answers(attribute_key="sme")).status_code == 302
    assert db.session.scalars(sa.select(Claim)).one().organisation_id == vendor.id


def test_company_claims_of_another_are_not_found(member: IsolatedClient) -> None:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    address = f"/entreprise/{make_vendor().id}/attestations"
    assert member.get(address).status_code == 404
    assert member.post(address, data=answers(attribute_key="sme")).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(Claim.id))) == 0


def test_ask_for_verification_then_withdraw(member: IsolatedClient, vendor: Organisation) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.DECLARED})
    claim_id, back = offer.claims[0].id, f"/mes-offres/{offer.id}/attestations"
    assert member.post(f"/attestations/{claim_id}/verification").status_code == 409
    make_evidence(offer.claims[0])
    asked = member.post(f"/attestations/{claim_id}/verification")
    assert (asked.status_code, asked.location) == (302, back)
    assert member.post(f"/attestations/{claim_id}/verification").status_code == 409
    assert "Retirer cette attestation ?" in member.get(f"/attestations/{claim_id}/retirer").text
    withdrawn = member.post(f"/attestations/{claim_id}/retirer")
    assert (withdrawn.status_code, withdrawn.location) == (302, back)
    assert db.session.scalars(sa.select(Claim.status)).all() == [ClaimStatus.WITHDRAWN]


def test_answer_a_finding_through_the_page(member: IsolatedClient, vendor: Organisation) -> None:
    offer = make_offer(vendor, facts={"open_source": ClaimStatus.CONTRADICTED})
    claim_id = offer.claims[0].id
    assert "Répondre" in member.get(f"/mes-offres/{offer.id}/attestations").text
    page = f"/attestations/{claim_id}/repondre"
    assert member.get(page).status_code == 200
    assert member.post(page, data={"answer": " "}).status_code == 422
    sent = member.post(page, data={"answer": "Le dépôt est public depuis mai."})
    assert (sent.status_code, sent.location) == (302, f"/mes-offres/{offer.id}/attestations")
    assert "Le dépôt est public depuis mai." in member.get(f"/offres/{offer.slug}").text
    assert member.post(page, data={"answer": "Encore"}).status_code == 409


@pytest.mark.parametrize("action", ["verification", "retirer", "repondre"])
def test_claims_of_another_company_are_not_found(member: IsolatedClient, action: str) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    assert member.post(f"/attestations/{claim.id}/{action}").status_code == 404
    db.session.expire_all()
    assert not claim.awaits_verification
