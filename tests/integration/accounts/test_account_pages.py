"""Sign-in, sign-up, password and company pages, and what they refuse."""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.models import Membership, Organisation, User
from app.accounts.services import passwords
from app.core.db import db
from app.outbox.models import Mail
from app.permissions import Role
from tests.clients import IsolatedClient, another_client
from tests.factories import PASSWORD, fresh_siren, make_administration, make_user, make_vendor


@pytest.fixture(scope="module")
def password_hash() -> str:
    """One argon2 hash for the module: each costs what it should."""
    return passwords.hash_password(PASSWORD)


def sign_in(client: IsolatedClient, email: str, password: str, query: str = "") -> TestResponse:
    answer: TestResponse = client.post(f"/connexion{query}", data={"email": email, "password": password})
    return answer


def test_sign_in_opens_the_dashboard_or_the_page_asked(
    client: IsolatedClient, app: Flask, password_hash: str
) -> None:
    user = make_user(Role.VENDOR, password_hash=password_hash)
    email = user.email.upper()
    assert sign_in(client, email, PASSWORD).location == "/tableau-de-bord"
    assert client.get("/compte").status_code == 200
    asked = sign_in(another_client(app), email, PASSWORD, "?next=/mes-offres")
    assert asked.location == "/mes-offres"


@pytest.mark.parametrize("target", ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example"])
def test_sign_in_never_sends_to_another_site(client: IsolatedClient, password_hash: str, target: str) -> None:
    user = make_user(Role.VENDOR, password_hash=password_hash)
    assert sign_in(client, user.email, PASSWORD, f"?next={target}").location == "/tableau-de-bord"


def test_sign_in_says_the_same_of_a_wrong_password_and_an_unknown_address(
    client: IsolatedClient, password_hash: str
) -> None:
    user = make_user(Role.VENDOR, password_hash=password_hash)
    for email, password in ((user.email, "une autre phrase"), ("inconnue@exemple.fr", PASSWORD)):
        answer = sign_in(client, email, password)
        assert answer.status_code == 422
        assert "Adresse ou mot de passe inconnu" in answer.text
        assert email in answer.text
        assert password not in answer.text
    assert client.get("/compte").status_code == 302


def test_sign_in_of_a_closed_account_is_refused(client: IsolatedClient, password_hash: str) -> None:
    user = make_user(Role.VENDOR, password_hash=password_hash, is_active=False, suspension_reason="Essai")
    assert sign_in(client, user.email, PASSWORD).status_code == 422


def test_sign_in_names_demo_accounts_only_when_there_are(client: IsolatedClient, app: Flask) -> None:
    assert "Comptes de démonstration" not in client.get("/connexion").text
    app.config["DEMO_ACCOUNTS"] = [("Ambassadrice", "ambassadrice@exemple.fr")]
    page = client.get("/connexion").text
    assert "Comptes de démonstration" in page
    assert "ambassadrice@exemple.fr" in page


def test_sign_out_forgets_the_person(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.VENDOR))
    assert client.get("/deconnexion").status_code == 405
    assert client.post("/deconnexion").status_code == 302
    assert client.get("/compte").status_code == 302


def company(**values: str) -> dict[str, str]:
    return {
        "company": "Abeille SAS",
        "country": "FR",
        "siren": fresh_siren(),
        "vendor_kind": "publisher",
        "vendor_size": "sme",
        "person": "Ada L.",
        "email": "ada@abeille.example",
        "password": PASSWORD,
    } | values


def test_sign_up_creates_the_company_its_account_and_signs_in(client: IsolatedClient) -> None:
    answer = client.post("/inscription", data=company())
    assert (answer.status_code, answer.location) == (302, "/mes-offres/nouvelle")
    organisation = db.session.scalars(sa.select(Organisation)).one()
    assert (organisation.name, organisation.vendor_size) == ("Abeille SAS", "sme")
    user = db.session.scalars(sa.select(User)).one()
    assert [(m.role, m.organisation_id) for m in user.memberships] == [(Role.VENDOR, organisation.id)]
    assert client.get("/mes-offres/nouvelle").status_code == 200


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"siren": "123456789"}, "Ce numéro SIREN n’est pas valide"),
        ({"siren": ""}, "Indiquez le numéro SIREN de l’entreprise."),
        ({"password": "court"}, "Écrivez au moins 12 caractères."),
        ({"password": "aaaaaaaaaaaa"}, "Ce mot de passe se devine"),
        ({"email": "ada"}, "Saisissez une adresse électronique complète"),
        ({"country": "US"}, "Choisissez une réponse dans la liste."),
        ({"vendor_kind": "autre"}, "Choisissez une réponse dans la liste."),
        ({"company": ""}, "Renseignez ce champ."),
    ],
)
def test_sign_up_with_a_wrong_answer_keeps_what_was_typed(
    client: IsolatedClient, values: dict[str, str], message: str
) -> None:
    answer = client.post("/inscription", data=company(person="Ada Témoin", **values))
    assert answer.status_code == 422
    assert message in answer.text
    assert "Ada Témoin" in answer.text
    assert PASSWORD not in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 0


def test_sign_up_of_a_known_company_or_address_creates_nothing(client: IsolatedClient) -> None:
    known = make_vendor()
    user = make_user(email="ada@abeille.example")
    first = client.post("/inscription", data=company(siren=known.siren or "", email="autre@abeille.example"))
    assert "Cette entreprise est déjà inscrite" in first.text
    second = client.post("/inscription", data=company(email=user.email))
    assert "Un compte existe déjà à cette adresse" in second.text
    assert (first.status_code, second.status_code) == (422, 422)
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 1


def test_sign_up_from_abroad_needs_no_siren(client: IsolatedClient) -> None:
    assert client.post("/inscription", data=company(country="DE", siren="")).status_code == 302


def test_forgotten_password_of_an_unknown_address_says_the_same(client: IsolatedClient) -> None:
    answer = client.post("/mot-de-passe-oublie", data={"email": "inconnue@exemple.fr"})
    assert (answer.status_code, answer.location) == (302, "/connexion")
    assert "Si un compte existe à cette adresse" in client.get("/connexion").text
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_new_password_with_a_forged_link_is_not_found(client: IsolatedClient) -> None:
    assert client.get("/nouveau-mot-de-passe/abc.def").status_code == 404


def company_answers(**values: str) -> dict[str, str]:
    return {
        "name": "Abeille",
        "vendor_kind": "integrator",
        "vendor_size": "",
        "city": "Lyon",
        "website": "https://abeille.example",
        "description": "Nous intégrons.",
    } | values


def test_company_edits_its_own_page(client: IsolatedClient) -> None:
    vendor = make_vendor(name="Abeille")
    client.sign_in(make_user(Role.VENDOR, vendor))
    address = f"/entreprise/{vendor.id}"
    assert client.get("/entreprise").location == address
    assert '<option selected value="sme">' in client.get(address).text
    answer = client.post(address, data=company_answers(version="1"))
    assert (answer.status_code, answer.location) == (302, f"/fournisseurs/{vendor.slug}")
    db.session.expire_all()
    assert (vendor.name, vendor.vendor_kind, vendor.vendor_size) == ("Abeille", "integrator", None)


def test_company_second_editor_is_told_and_keeps_what_was_typed(client: IsolatedClient) -> None:
    vendor = make_vendor()
    client.sign_in(make_user(Role.VENDOR, vendor))
    address = f"/entreprise/{vendor.id}"
    client.post(address, data=company_answers(version="1", city="Lyon"))
    second = client.post(address, data=company_answers(version="1", city="Nantes"))
    assert second.status_code == 409
    for text in ("Lyon", "Nantes", "Une autre personne a enregistré", 'value="2"'):
        assert text in second.text
    assert client.post(address, data=company_answers(version="2", city="Nantes")).status_code == 302


def test_company_with_a_wrong_answer_keeps_what_was_typed(client: IsolatedClient) -> None:
    vendor = make_vendor()
    client.sign_in(make_user(Role.VENDOR, vendor))
    answer = client.post(f"/entreprise/{vendor.id}", data=company_answers(version="1", website="chez nous"))
    assert answer.status_code == 422
    assert "Saisissez une adresse complète" in answer.text
    assert "Nous intégrons." in answer.text


def test_company_of_another_and_administration_are_not_found(client: IsolatedClient, app: Flask) -> None:
    client.sign_in(make_user(Role.VENDOR))
    ministry = make_administration()
    ambassador = another_client(app)
    ambassador.sign_in(make_user(Role.AMBASSADOR, ministry))
    for visitor, organisation in ((client, make_vendor()), (ambassador, ministry)):
        address = f"/entreprise/{organisation.id}"
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, data=company_answers(version="1")).status_code == 404


def test_company_list_when_there_are_several(client: IsolatedClient) -> None:
    companies = [make_vendor(name="Abeille"), make_vendor(name="Bourdon")]
    memberships = [Membership(organisation=vendor, role=Role.VENDOR) for vendor in companies]
    user = make_user(memberships=memberships)
    page = client.sign_in(user).get("/entreprise").text
    assert "Abeille" in page
    assert "Bourdon" in page


def test_account_lists_roles(client: IsolatedClient) -> None:
    ministry = make_administration(name="Ministère témoin")
    page = client.sign_in(make_user(Role.AMBASSADOR, ministry)).get("/compte").text
    assert "Ministère témoin" in page
    assert "Ambassadeur" in page
