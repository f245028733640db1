"""What comes from outside: clumsy or hostile, it never breaks a page and never leads elsewhere."""

import os
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, flash, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.core.db import db, on_commit
from app.permissions import Permission, Role
from app.web.access import requires
from tests.clients import IsolatedClient
from tests.factories import PASSWORD, make_user

EVIL = [
    "https://ailleurs.example/",
    "//ailleurs.example",
    "/\\ailleurs.example",
    "/\t/ailleurs.example",
    "/%09/ailleurs.example".replace("%09", "\t"),
    "/\n/ailleurs.example",
    "///ailleurs.example",
    "javascript:alert(1)",
    "ailleurs.example",
]


@pytest.mark.parametrize("target", EVIL)
def test_next_never_leaves_the_site(client: IsolatedClient, target: str) -> None:
    answer = client.post("/langue", data={"language": "en", "next": target})
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("target", ["/offres?q=a&page=2", "/besoins/12-titre#suite"])
def test_next_leads_to_a_page_of_the_site(client: IsolatedClient, target: str) -> None:
    assert client.post("/langue", data={"language": "en", "next": target}).location == target


@pytest.mark.parametrize("page", ["99999999999999999999", "abc", "-1", "1.5", "2147483648"])
def test_a_number_that_is_none_is_refused_clearly(client: IsolatedClient, page: str) -> None:
    answer = client.get("/offres", query_string={"page": page})
    assert answer.status_code == 422
    assert "nombre entier" in answer.text


def test_control_characters_never_reach_a_view(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-texte")
    @requires(Permission.PAGE_READ)
    def echo() -> str:
        return repr([request.form["text"], request.args["q"]])

    answer = client.post("/essai-texte?q=a%00b", data={"text": "a\x00b\x1bc\td\r\ne\x85"})
    assert answer.text == repr(["abc\td\r\ne", "ab"])


@pytest.mark.parametrize("path", ["/offres/a%00b", "/fournisseurs/%1f", "/offres/99999999999999999999"])
def test_an_address_that_no_page_can_have_is_not_found(client: IsolatedClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_search_of_two_thousand_words_is_answered(client: IsolatedClient) -> None:
    assert client.get("/offres", query_string={"q": "mot " * 2000}).status_code == 200


def test_head_reads_and_never_acts(app: Flask, client: IsolatedClient) -> None:
    seen: list[str] = []

    @app.route("/essai-tete", methods=["GET", "POST"])
    @requires(Permission.PAGE_READ)
    def page() -> str:
        seen.append(request.method)
        return "a page"

    answer = client.head("/essai-tete")
    assert (answer.status_code, answer.data, seen) == (200, b"", ["GET"])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (IntegrityError("INSERT", {}, Exception("unique")), 409, "Quelqu’un vient"),
        (StaleDataError("0 rows"), 409, "Quelqu’un vient"),
        (OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked")), 503, "réessaie"),
        (OperationalError("x", {}, sqlite3.OperationalError("database or disk is full")), 503, "réessaie"),
    ],
)
def test_what_the_database_refuses_is_said(
    app: Flask, client: IsolatedClient, error: Exception, status: int, words: str
) -> None:
    @app.get("/essai-base")
    @requires(Permission.PAGE_READ)
    def page() -> str:
        raise error

    answer = client.get("/essai-base")
    assert answer.status_code == status
    assert words in answer.text
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_the_busy_page_keeps_what_was_typed(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-base")
    @requires(Permission.PAGE_READ)
    def page() -> str:
        raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    answer = client.post("/essai-base", data={"title": 'Un "titre"'})
    assert answer.status_code == 503
    assert '<input type="hidden" name="title" value="Un &#34;titre&#34;">' in answer.text
    assert "refresh" not in answer.text
    assert "secret" not in client.post("/essai-base", data={"password": "secret"}).text


def test_the_busy_page_needs_no_database(
    app: Flask, client: IsolatedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make_user(Role.AMBASSADOR))
    error = OperationalError("SELECT", {}, sqlite3.OperationalError("unable to open database file"))

    def silent(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", silent)
    monkeypatch.setattr("sqlalchemy.orm.Session.scalars", silent)
    monkeypatch.setattr("sqlalchemy.orm.Session.get", silent)
    answer = client.get("/mes-besoins")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert 'http-equiv="refresh"' in answer.text


@pytest.mark.skipif("TEST_ON_POSTGRES" in os.environ, reason="a lock on SQLite's file")
def test_a_locked_database_is_said_to_be_busy(client: IsolatedClient, tmp_path: Path) -> None:
    user = make_user(Role.AMBASSADOR)
    with sqlite3.connect(tmp_path / "test.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/connexion", data={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 503
        other.execute("ROLLBACK")
    assert client.get("/connexion").status_code == 200


def test_what_is_said_follows_the_commit(app: Flask, client: IsolatedClient) -> None:
    make_user(email="deja@exemple.fr")

    @app.post("/essai-doublon")
    @requires(Permission.PAGE_READ)
    def page() -> str:
        flash("Compte créé.")
        db.session.add(User(email="deja@exemple.fr", name="x", password_hash="x"))
        return "créé"

    answer = client.post("/essai-doublon")
    assert answer.status_code == 409
    assert "Compte créé." not in answer.text
    assert "Compte créé." not in client.get("/connexion").text


def test_what_waits_to_be_said_survives_an_error(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-message")
    @requires(Permission.PAGE_READ)
    def page() -> str:
        flash("Bien reçu.")
        return "ok"

    client.post("/essai-message")
    assert client.get("/nulle-part").status_code == 404
    assert "Bien reçu." in client.get("/connexion").text


def test_what_fails_after_the_commit_leaves_a_success(app: Flask, client: IsolatedClient) -> None:
    @app.post("/essai-apres")
    @requires(Permission.PAGE_READ)
    def page() -> str:
        db.session.add(User(email="neuf@exemple.fr", name="x", password_hash="x"))
        on_commit(lambda: 1 / 0)
        return "enregistré"

    assert client.post("/essai-apres").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1
