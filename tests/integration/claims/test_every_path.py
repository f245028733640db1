"""A yes and a no on one attribute do not both stand, and what has expired is not declared: by the form of a
vendor, by its company's, by an imported file. What a moderator does is in `test_decisions`."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import Organisation
from app.claims.models import Claim
from app.claims.queries import subject_of_organisation
from app.claims.services import declare_claim
from app.core.db import db
from app.moderation.enums import ImportKind, Outcome
from app.moderation.services.imports.run import run_import
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.permissions import SYSTEM, Role
from app.reference.enums import CriterionSubject
from tests.clients import IsolatedClient
from tests.factories import make_category, make_criterion, make_offer, make_user, make_vendor
from tests.integration.moderation.files import DESCRIPTION, csv_of

HEADER = ("Référence", "Organisation", "Nom", "Résumé", "Description", "critere_sme", "critere_sme_fin")
Say = Callable[[IsolatedClient, Offer, str, str], bool]
"""Says yes or no of the one attribute, until a day; whether that was taken."""


def by_the_form(client: IsolatedClient, offer: Offer, value: str, until: str) -> bool:
    return _sent(client, f"/mes-offres/{offer.id}/attestations", value, until)


def by_the_form_of_the_company(client: IsolatedClient, offer: Offer, value: str, until: str) -> bool:
    return _sent(client, f"/entreprise/{offer.organisation_id}/attestations", value, until)


def by_a_file(client: IsolatedClient, offer: Offer, value: str, until: str) -> bool:
    said = {"yes": "oui", "no": "non"}[value]
    row = ("A1", str(offer.organisation.siren), offer.name, "Une messagerie", DESCRIPTION, said, until)  # type: ignore[union-attr]  # a vendor's
    text = csv_of(HEADER, row, separator=";")
    report = run_import(SYSTEM, ImportKind.OFFERS, text.encode("cp1252"), dry_run=False)
    return report.rows[0].outcome is not Outcome.REFUSED


def _sent(client: IsolatedClient, address: str, value: str, until: str) -> bool:
    given = {"attribute_key": "sme", "value": value, "statement": "Dit.", "valid_until": until}
    status = client.post(address, data=given).status_code
    assert status in (302, 422)
    return status == 302


@pytest.fixture
def offer(app: Flask, client: IsolatedClient) -> Offer:
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    make_category("48000000")
    vendor: Organisation = make_vendor()
    client.sign_in(make_user(Role.VENDOR, vendor))
    return make_offer(vendor)


PATHS = [by_the_form, by_the_form_of_the_company, by_a_file]


@pytest.mark.parametrize("say", PATHS)
def test_what_says_otherwise_than_the_company_is_refused(
    client: IsolatedClient, offer: Offer, say: Say
) -> None:
    assert offer.organisation is not None
    declare_claim(SYSTEM, subject_of_organisation(offer.organisation), attribute_key="sme", value=True)
    db.session.commit()
    assert not say(client, offer, "no", "")
    assert say(client, offer, "yes", "")
    assert {claim.value for claim in db.session.query(Claim)} == {True}


@pytest.mark.parametrize("say", PATHS[:2])
def test_what_says_otherwise_than_an_offer_is_refused(client: IsolatedClient, offer: Offer, say: Say) -> None:
    declare_claim(SYSTEM, subject_of(offer), attribute_key="sme", value=False)
    db.session.commit()
    assert not say(client, offer, "yes", "")
    assert {claim.value for claim in db.session.query(Claim)} == {False}


@pytest.mark.parametrize("say", PATHS)
def test_what_has_expired_is_not_declared(client: IsolatedClient, offer: Offer, say: Say) -> None:
    assert not say(client, offer, "yes", "2020-12-31")
    assert db.session.query(Claim).all() == []
    assert say(client, offer, "yes", "2099-12-31")
