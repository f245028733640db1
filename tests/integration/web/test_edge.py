"""The HTTP edge: declared access, one transaction a request, headers, errors as pages or problem+json."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.core.db import db
from app.core.errors import RuleBroken
from app.permissions import Permission, Role
from app.web.access import UndeclaredEndpointError, refuse_undeclared, requires
from tests.clients import IsolatedClient
from tests.factories import make_user


def test_an_undeclared_endpoint_stops_the_app(app: Flask) -> None:
    app.add_url_rule("/oubli", "forgotten", lambda: "")
    with pytest.raises(UndeclaredEndpointError, match="forgotten"):
        refuse_undeclared(app)


def test_every_url_is_in_kebab_case_and_every_integer_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        static_parts = [part for part in rule.rule.split("/") if part and not part.startswith("<")]
        assert all(part == part.lower() and "_" not in part for part in static_parts), rule.rule
        assert all("<int:" in part for part in rule.rule.split("/") if part.endswith("_id>")), rule.rule


def test_a_visitor_is_sent_to_sign_in_and_back(client: IsolatedClient) -> None:
    answer = client.get("/mes-besoins")
    assert answer.status_code == 302
    assert answer.location == "/connexion?next=%2Fmes-besoins"


def test_a_page_of_another_role_does_not_exist(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.VENDOR))
    assert client.get("/mes-besoins").status_code == 404


def test_every_page_carries_the_security_headers(client: IsolatedClient) -> None:
    answer = client.get("/connexion")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_personal_page_is_never_cached(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.AMBASSADOR))
    assert client.get("/tableau-de-bord").headers["Cache-Control"] == "private, no-store"


def _add_user(email: str) -> None:
    db.session.add(User(email=email, name="x", password_hash="x"))
    db.session.flush()


def test_a_refused_request_leaves_nothing_behind(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-refuse")
    @requires(Permission.PAGE_READ)
    def refused() -> str:
        _add_user("refuse@exemple.fr")
        raise RuleBroken(fields={"name": "Donnez un nom."})

    answer = client.post("/essai-refuse", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "status": 422,
        "title": "Donnez un nom.",
        "errors": {"name": "Donnez un nom."},
    }
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_an_accepted_request_is_committed(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-accepte")
    @requires(Permission.PAGE_READ)
    def accepted() -> str:
        _add_user("accepte@exemple.fr")
        return "ok"

    assert client.post("/essai-accepte").status_code == 200
    assert db.session.scalar(sa.select(User.email)) == "accepte@exemple.fr"


def test_a_get_never_changes_anything(app: Flask, client: IsolatedClient) -> None:
    @app.get("/essai-lecture")
    @requires(Permission.PAGE_READ)
    def reads() -> str:
        _add_user("lecture@exemple.fr")
        return "ok"

    assert client.get("/essai-lecture").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_a_large_upload_is_refused_politely(client: IsolatedClient) -> None:
    body = b"x" * (11 * 1024 * 1024)
    answer = client.post("/connexion", data=body, content_type="multipart/form-data; boundary=a")
    assert answer.status_code == 413
    assert "trop" in answer.text


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"])
def test_the_language_switch_never_leaves_the_site(client: IsolatedClient, target: str) -> None:
    answer = client.post("/langue", data={"language": "en", "next": target})
    assert answer.status_code == 302
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


def test_the_language_switch_holds(client: IsolatedClient) -> None:
    assert '<html lang="fr"' in client.get("/connexion").text
    client.post("/langue", data={"language": "en", "next": "/connexion"})
    assert '<html lang="en"' in client.get("/connexion").text
