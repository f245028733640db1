"""Sessions live on the server: what takes a right away ends them, on remembered devices too."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import services
from app.accounts.enums import LinkPurpose
from app.accounts.models import User, UserSession
from app.accounts.queries.sessions import hash_of
from app.accounts.services import passwords
from app.accounts.services.sessions import short_address, short_agent
from app.core import clock
from app.core.db import db
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient, another_client
from tests.conftest import NOW
from tests.factories import PASSWORD, make_user, make_vendor
from tests.query_counts import counted_queries

REMEMBER = "remember_token"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def user(app: Flask, password_hash: str) -> User:
    return make_user(Role.VENDOR, password_hash=password_hash)


def sign_in(client: IsolatedClient, user: User, *, remember: bool = False) -> IsolatedClient:
    data = {"email": user.email, "password": PASSWORD} | ({"remember": "y"} if remember else {})
    assert client.post("/connexion", data=data).status_code == 302
    return client


def is_signed_in(client: IsolatedClient) -> bool:
    return bool(client.get("/compte").status_code == 200)


def cookies_of(client: IsolatedClient) -> dict[str, str]:
    found = {name: client.get_cookie(name) for name in ("session", REMEMBER)}
    return {name: cookie.value for name, cookie in found.items() if cookie is not None}


def holding(app: Flask, cookies: dict[str, str]) -> IsolatedClient:
    """A thief's browser with these cookies."""
    thief = another_client(app)
    for name, value in cookies.items():
        thief.set_cookie(name, value)
    return thief


@pytest.mark.parametrize("remember", [False, True])
def test_signing_out_ends_copied_cookies_too(
    client: IsolatedClient, app: Flask, user: User, remember: bool
) -> None:
    sign_in(client, user, remember=remember)
    cookies = cookies_of(client)
    assert (REMEMBER in cookies) is remember
    assert is_signed_in(holding(app, cookies))

    client.post("/deconnexion")

    assert not is_signed_in(holding(app, cookies))
    assert not is_signed_in(holding(app, {REMEMBER: cookies.get(REMEMBER, "")}))
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0


def test_a_remembered_device_signs_in_without_its_session_cookie(
    client: IsolatedClient, app: Flask, user: User
) -> None:
    cookies = cookies_of(sign_in(client, user, remember=True))
    assert is_signed_in(holding(app, {REMEMBER: cookies[REMEMBER]}))


def test_the_database_holds_no_token(client: IsolatedClient, user: User) -> None:
    sign_in(client, user)
    with client.session_transaction() as session:
        token = session["_user_id"]
    row = db.session.scalars(sa.select(UserSession)).one()
    assert row.token_hash == hash_of(token)
    assert token not in {str(value) for value in vars(row).values()}


@pytest.mark.parametrize("lost", ["role", "suspension", "password"])
def test_what_takes_a_right_away_ends_every_session(
    client: IsolatedClient, app: Flask, user: User, lost: str
) -> None:
    cookies = cookies_of(sign_in(client, user, remember=True))
    if lost == "role":
        services.add_member(SYSTEM, make_vendor(), user, Role.VENDOR)
    elif lost == "suspension":
        user.is_active, user.suspension_reason = False, "Essai"
    else:
        link = services.send_link(user, LinkPurpose.NEW_PASSWORD)
        drawn = services.draw_token(link.id)
        assert drawn is not None
        db.session.commit()
        services.reset_password(drawn[1], password="une toute nouvelle phrase")
    db.session.commit()

    assert not is_signed_in(client)
    assert not is_signed_in(holding(app, cookies))
    assert not is_signed_in(holding(app, {REMEMBER: cookies[REMEMBER]}))


def test_changing_ones_password_keeps_only_the_session_in_use(
    client: IsolatedClient, app: Flask, user: User
) -> None:
    other = sign_in(another_client(app), user, remember=True)
    sign_in(client, user)
    chosen = "une toute nouvelle phrase"
    answers = {"current": PASSWORD, "password": chosen, "again": chosen}

    wrong = client.post("/compte/mot-de-passe", data=answers | {"current": "rien"})
    assert wrong.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel." in wrong.text
    assert is_signed_in(other)
    right = client.post("/compte/mot-de-passe", data=answers)

    assert right.location == "/compte"
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_account_page_lists_sessions_and_ends_them(
    client: IsolatedClient, app: Flask, user: User
) -> None:
    other, third = sign_in(another_client(app), user), sign_in(another_client(app), user)
    sign_in(client, user)
    page = client.get("/compte").text
    assert page.count("Cette session") == 1
    assert page.count('/fermer"') == 2
    rows = list(db.session.scalars(sa.select(UserSession).order_by(UserSession.id)))

    assert client.post(f"/compte/sessions/{rows[0].id}/fermer").status_code == 302
    assert (is_signed_in(client), is_signed_in(other), is_signed_in(third)) == (True, False, True)
    client.post("/compte/sessions/fermer-les-autres")
    assert (is_signed_in(client), is_signed_in(third)) == (True, False)


def test_nobody_ends_the_session_of_another(client: IsolatedClient, app: Flask, user: User) -> None:
    sign_in(client, user)
    row = db.session.scalars(sa.select(UserSession)).one()
    intruder = another_client(app).sign_in(make_user(Role.VENDOR))
    assert intruder.post(f"/compte/sessions/{row.id}/fermer").status_code == 404
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("remember", "hours", "alive"),
    [(False, 11, True), (False, 12, False), (True, 24 * 30 - 1, True), (True, 24 * 30, False)],
)
def test_a_session_left_alone_is_over(
    client: IsolatedClient, user: User, remember: bool, hours: int, alive: bool
) -> None:
    sign_in(client, user, remember=remember)
    with clock.fixed_at(NOW + timedelta(hours=hours)):
        assert is_signed_in(client) is alive


def test_a_session_in_use_goes_on(client: IsolatedClient, user: User) -> None:
    sign_in(client, user)
    for hours in (8, 16, 24):
        with clock.fixed_at(NOW + timedelta(hours=hours)):
            assert is_signed_in(client)
    db.session.expire_all()
    assert db.session.scalars(sa.select(UserSession)).one().seen_at == NOW + timedelta(hours=24)


def test_a_public_page_looks_nobody_up(client: IsolatedClient, app: Flask) -> None:
    with counted_queries() as queries:
        assert client.get("/mentions-legales").status_code == 200
    assert len(queries) == 0


def test_old_sessions_are_forgotten_at_the_next_sign_in(
    client: IsolatedClient, app: Flask, user: User
) -> None:
    sign_in(client, user)
    with clock.fixed_at(NOW + timedelta(hours=13)):
        sign_in(another_client(app), user)
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 1


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8", ""),
    ],
)
def test_short_agent(agent: str, shown: str) -> None:
    assert short_agent(agent) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("", ""), ("x", "")],
)
def test_short_address(address: str, shown: str) -> None:
    assert short_address(address) == shown
