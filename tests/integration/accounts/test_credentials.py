"""Passwords that are guessed, links that are found, and guessing on: what each refuses."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_mailman import Mail

from app.accounts import services
from app.accounts.enums import LinkPurpose
from app.accounts.models import SecretLink, SignInFailure, User
from app.accounts.services import attempts, passwords
from app.accounts.services.passwords import check_password
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, RuleBroken
from app.core.jobs import Job
from app.outbox.enums import MailState
from app.outbox.models import Mail as Letter
from app.wiring import create_app
from tests.clients import IsolatedClient, another_client
from tests.conftest import NOW
from tests.dumps import rows_of
from tests.factories import PASSWORD, make_user
from tests.fakes import HashingEncoder


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "abcdefghijkl",
        "123456789012",
        "motdepasse1234",
        "azertyuiop123",
        "bonjourbonjour",
        "administrateur",
        "Traitdunion2026",
        "ada.dupont@abeille.example",
        "ADA DUPONT 2026",
        "adadupontabeille",
        "x" * 129,
        "court",
    ],
)
def test_a_guessable_password_is_refused(app: Flask, password: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_password(password, known=("ada.dupont@abeille.example", "Ada Dupont"))
    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery staple", "Rk7!vq2Zp0xW", "quatre mots sans rapport " * 5]
)
def test_a_password_out_of_reach_is_accepted(app: Flask, password: str) -> None:
    check_password(password, known=("ada.dupont@abeille.example", "Ada Dupont"))


@pytest.mark.parametrize(("length", "accepted"), [(11, False), (12, True), (128, True), (129, False)])
def test_the_length_of_a_password(app: Flask, length: int, accepted: bool) -> None:
    password = ("Rk7!vq2Zp0xWm9#" * 9)[:length]
    if accepted:
        check_password(password)
    else:
        with pytest.raises(RuleBroken):
            check_password(password)


def sent_links(mail: Mail) -> list[str]:
    return [re.findall(r"http\S+?(/\S+)", message.body)[0] for message in mail.outbox]


@pytest.fixture
def mail(app: Flask) -> Mail:
    found: Mail = app.extensions["mailman"]
    found.outbox = []
    return found


def test_a_reset_link_works_once_and_no_queue_holds_it(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int], password_hash: str
) -> None:
    user = make_user(password_hash=password_hash)
    client.post("/mot-de-passe-oublie", data={"email": user.email})
    run_jobs()
    (link,) = sent_links(mail)
    token = link.rpartition("/")[2]
    assert token not in repr([job.payload for job in db.session.scalars(sa.select(Job))])
    assert token not in repr(list(db.session.execute(sa.select(SecretLink.token_hash)).scalars()))

    chosen = {"password": "une toute nouvelle phrase", "again": "une toute nouvelle phrase"}
    weak = client.post(link, data={"password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"})
    assert weak.status_code == 422
    assert "Ce mot de passe se devine" in weak.text
    assert client.post(link, data=chosen).location == "/connexion"
    assert client.get(link).status_code == 404
    assert client.post(link, data=chosen).status_code == 404


def test_a_newer_link_replaces_the_older(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]
) -> None:
    user = make_user()
    for _ in range(2):
        client.post("/mot-de-passe-oublie", data={"email": user.email})
        run_jobs()
    older, newer = sent_links(mail)
    assert (client.get(older).status_code, client.get(newer).status_code) == (404, 200)


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 404)])
def test_a_reset_link_expires(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int], minutes: int, status: int
) -> None:
    client.post("/mot-de-passe-oublie", data={"email": make_user().email})
    run_jobs()
    with clock.fixed_at(NOW + timedelta(minutes=minutes)):
        assert client.get(sent_links(mail)[0]).status_code == status


def test_a_link_of_another_kind_opens_nothing(app: Flask) -> None:
    link = services.send_link(make_user(), LinkPurpose.CHANGE_ADDRESS, email="neuve@exemple.fr")
    drawn = services.draw_token(link.id)
    assert drawn is not None
    with pytest.raises(NotFound):
        services.find_link(drawn[1], LinkPurpose.NEW_PASSWORD)


def test_a_link_is_claimed_once(app: Flask) -> None:
    link = services.send_link(make_user(), LinkPurpose.NEW_PASSWORD)
    services.draw_token(link.id)
    services.use_link(link)
    with pytest.raises(NotFound):
        services.use_link(link)
    assert services.draw_token(link.id) is None


def fail(client: IsolatedClient, email: str, times: int, address: str = "203.0.113.7") -> list[int]:
    return [
        client.post(
            "/connexion",
            data={"email": email, "password": "une autre phrase"},
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code
        for _ in range(times)
    ]


@pytest.fixture
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify_password", lambda _stored, password: password == PASSWORD)


@pytest.mark.usefixtures("quick_hash")
@pytest.mark.parametrize("known", [True, False])
def test_sign_in_counts_failures_by_account(client: IsolatedClient, app: Flask, known: bool) -> None:
    email = make_user().email if known else "inconnue@exemple.fr"
    assert fail(client, email, attempts.BY_ACCOUNT) == [422] * attempts.BY_ACCOUNT

    refused = another_client(app).post("/connexion", data={"email": email, "password": PASSWORD})

    assert refused.status_code == 429
    assert "Trop d’essais ont échoué" in refused.text
    assert email in refused.text
    with clock.fixed_at(NOW + attempts.PERIOD - timedelta(seconds=1)):
        assert fail(client, email, 1) == [429]
    with clock.fixed_at(NOW + attempts.PERIOD):
        assert fail(client, email, 1) == [422]


@pytest.mark.usefixtures("quick_hash")
def test_sign_in_counts_failures_by_address(client: IsolatedClient) -> None:
    times = attempts.BY_ADDRESS
    codes = [fail(client, f"personne{number}@exemple.fr", 1)[0] for number in range(times + 1)]
    assert codes == [422] * times + [429]
    assert fail(client, "autre@exemple.fr", 1, address="198.51.100.1") == [422]


@pytest.mark.usefixtures("quick_hash")
def test_signing_in_forgets_the_failures_of_the_account(client: IsolatedClient) -> None:
    user = make_user()
    fail(client, user.email, attempts.BY_ACCOUNT - 1)
    assert client.post("/connexion", data={"email": user.email, "password": PASSWORD}).status_code == 302
    assert fail(client, user.email, attempts.BY_ACCOUNT) == [422] * attempts.BY_ACCOUNT


@pytest.mark.usefixtures("quick_hash")
def test_failures_are_kept_a_day(client: IsolatedClient) -> None:
    fail(client, "a@exemple.fr", 2)
    with clock.fixed_at(NOW + attempts.KEPT + timedelta(seconds=1)):
        fail(client, "b@exemple.fr", 1)
    assert db.session.scalar(sa.select(sa.func.count(SignInFailure.id))) == 1


@pytest.mark.usefixtures("quick_hash")
@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "192.0.2.1")])
def test_the_address_is_the_one_our_own_proxies_saw(app: Flask, proxies: int, seen: str) -> None:
    settings = app.extensions["settings"].model_copy(update={"trusted_proxies": proxies})
    other = create_app(settings, encoder=HashingEncoder())
    other.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    other.test_client().post(
        "/connexion",
        data={"email": "a@exemple.fr", "password": "une autre phrase"},
        headers={"X-Forwarded-For": "203.0.113.5, 192.0.2.1, 198.51.100.9"},
    )
    with other.app_context():
        db.engine.dispose()
    db.session.rollback()
    assert db.session.scalars(sa.select(SignInFailure.address)).all() == [seen]


def test_name_and_address_are_changed_by_their_owner(
    client: IsolatedClient, app: Flask, mail: Mail, run_jobs: Callable[[], int], password_hash: str
) -> None:
    user: User = make_user(password_hash=password_hash)
    old = user.email
    client.sign_in(user)
    assert client.post("/compte/nom", data={"name": "Nouveau Nom"}).location == "/compte"
    assert "Nouveau Nom" in client.get("/compte").text

    wrong = client.post("/compte/adresse", data={"email": "neuve@exemple.fr", "current": "rien"})
    assert wrong.status_code == 422
    asked = client.post("/compte/adresse", data={"email": "Neuve@exemple.fr", "current": PASSWORD})
    assert asked.location == "/compte"
    run_jobs()
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {old, "neuve@exemple.fr"}
    assert "va devenir neuve@exemple.fr" in told[old].body
    link = re.findall(r"http\S+?(/compte/\S+)", told["neuve@exemple.fr"].body)[0]

    db.session.expire_all()
    assert user.email == old
    assert another_client(app).get(link).status_code == 200
    db.session.expire_all()
    assert user.email == old  # looking changes nothing
    assert another_client(app).post(link).location == "/connexion"
    db.session.expire_all()
    assert user.email == "neuve@exemple.fr"
    assert client.get("/compte").status_code == 302
    run_jobs()
    assert mail.outbox[-1].to == [old]


def test_an_address_taken_meanwhile_is_refused(
    client: IsolatedClient, app: Flask, mail: Mail, run_jobs: Callable[[], int], password_hash: str
) -> None:
    user = make_user(password_hash=password_hash)
    client.sign_in(user)
    taken = client.post("/compte/adresse", data={"email": make_user().email, "current": PASSWORD})
    assert (taken.status_code, "Un compte existe déjà à cette adresse." in taken.text) == (422, True)
    client.post("/compte/adresse", data={"email": "neuve@exemple.fr", "current": PASSWORD})
    run_jobs()
    link = next(re.findall(r"/compte/nouvelle\S+", m.body)[0] for m in mail.outbox if m.to != [user.email])
    make_user(email="neuve@exemple.fr")
    assert another_client(app).post(link).status_code == 409


def test_a_link_s_mail_is_listed_and_its_secret_kept_nowhere(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]
) -> None:
    user = make_user()
    client.post("/mot-de-passe-oublie", data={"email": user.email})
    run_jobs()
    row = db.session.scalars(sa.select(Letter)).one()
    assert (row.recipient, row.about, row.state) == (user.email, "account.new_password", MailState.SENT)
    token = sent_links(mail)[-1].rsplit("/", 1)[-1]
    assert all(token not in line for lines in rows_of(db.engine).values() for line in lines)


def test_a_link_that_no_longer_matters_is_not_mailed(
    client: IsolatedClient, mail: Mail, run_jobs: Callable[[], int]
) -> None:
    user = make_user()
    for _time in range(2):
        client.post("/mot-de-passe-oublie", data={"email": user.email})
    run_jobs()
    states = db.session.scalars(sa.select(Letter.state).order_by(Letter.id)).all()
    assert states == [MailState.FAILED, MailState.SENT]
    assert len(mail.outbox) == 1
