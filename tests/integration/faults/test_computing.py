"""Nothing slow is computed while a transaction that writes is open: passwords, texts, lists, schedules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.accounts.enums import LinkPurpose
from app.accounts.models import User
from app.accounts.services import draw_token, passwords, send_link
from app.core.db import db, unit_of_work
from app.matchmaking.forms.weights import PREFIX
from app.needs.models import Need
from app.permissions import SYSTEM
from app.reference.services import save_objective
from app.schedules import planner
from matching.retrieval import Matcher
from tests.clients import IsolatedClient
from tests.factories import PASSWORD, fresh_siren
from tests.fakes import HashingEncoder
from tests.integration.faults.test_faults import DONE, World, _let_a_worker_pass, _world

WRITING = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE", "LOCK")
SLOW: tuple[tuple[type, str], ...] = (
    (PasswordHasher, "hash"),
    (PasswordHasher, "verify"),
    (HashingEncoder, "_encode"),
    (Matcher, "match"),
    (Matcher, "standings"),
    (Matcher, "followed"),
    (Matcher, "search"),
)
NEW = "une autre phrase de passe, longue"


class Computed:
    """What was computed, and what of it while a lock was held."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.locked: list[str] = []
        self._open = local()

    def count(self) -> int:
        return int(getattr(self._open, "count", 0))

    def note(self, name: str) -> None:
        self.done.append(name)
        if self.count():
            self.locked.append(name)

    def holds(self, connection: sa.Connection) -> None:
        if not connection.info.get("writes"):
            connection.info["writes"] = True
            self._open.count = self.count() + 1

    def lets_go(self, connection: sa.Connection) -> None:
        if connection.info.pop("writes", False):
            self._open.count = self.count() - 1


@contextmanager
def watching(patch: pytest.MonkeyPatch) -> Iterator[Computed]:
    """Follow the transactions of each thread: on SQLite one writes from its first word, on PostgreSQL from
    its first change."""
    found = Computed()

    def executed(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(WRITING) or " FOR UPDATE" in statement:
            found.holds(connection)

    for owner, name in SLOW:
        patch.setattr(owner, name, _noted(getattr(owner, name), name, found))
    patch.setattr(planner, "solve", _noted(planner.solve, "solve", found))
    listeners = (
        ("before_cursor_execute", executed),
        ("commit", found.lets_go),
        ("rollback", found.lets_go),
    )
    for name, function in listeners:
        event.listen(Engine, name, function)
    try:
        yield found
    finally:
        for name, function in listeners:
            event.remove(Engine, name, function)


def _noted(function: Callable[..., Any], name: str, found: Computed) -> Callable[..., Any]:
    def noted(*args: Any, **values: Any) -> Any:
        found.note(name)
        return function(*args, **values)

    return noted


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Computed]:
    with watching(monkeypatch) as found:
        yield found


@pytest.fixture
def world(app: Flask) -> World:
    return _world(app, passwords.hash_password(PASSWORD))


@pytest.mark.parametrize("name", list(DONE))
def test_each_action_computes_without_a_lock(world: World, computed: Computed, name: str) -> None:
    action = DONE[name]
    client = world.client(action.actor(world))
    assert client.post(action.path(world), data=action.data(world)).status_code == 302
    _let_a_worker_pass()
    assert computed.locked == []
    assert computed.done or name == "answer a request"


def test_passwords_are_hashed_without_a_lock(app: Flask, client: IsolatedClient, computed: Computed) -> None:
    company = {
        "email": "ada@abeille.example",
        "person": "Ada Témoin",
        "password": PASSWORD + " et la suite",
        "company": "Abeille",
        "siren": fresh_siren(),
        "country": "FR",
        "vendor_kind": "publisher",
        "vendor_size": "sme",
    }
    assert client.post("/inscription", data=company).status_code == 302
    user = db.session.scalars(sa.select(User)).one()
    asked = {"current": company["password"], "password": NEW, "again": NEW}
    assert client.post("/compte/mot-de-passe", data=asked).status_code == 302
    drawn = draw_token(send_link(user, LinkPurpose.NEW_PASSWORD).id)
    assert drawn is not None
    db.session.commit()
    assert (
        client.post(
            f"/nouveau-mot-de-passe/{drawn[1]}", data={"password": NEW + ".", "again": NEW + "."}
        ).status_code
        == 302
    )
    assert client.post("/connexion", data={"email": user.email, "password": "faux"}).status_code == 422
    assert computed.done.count("hash") >= 3
    assert computed.locked == []


def test_priorities_are_weighed_without_a_lock(world: World, computed: Computed) -> None:
    save_objective(SYSTEM, key="security", position=1, label_fr="Sécurité", label_en="Security")
    client, path = world.client(world.ambassador), f"/besoins/{world.need.id}/priorites"
    assert client.post(path, data={f"{PREFIX}security": "3"}).status_code == 302
    assert "match" in computed.done
    _let_a_worker_pass()
    assert computed.locked == []


def test_the_watch_sees_what_it_should(app: Flask, computed: Computed) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(Need).values(title="x"))
        HashingEncoder().encode_queries(["texte"])
    assert computed.locked == ["_encode"]
    HashingEncoder().encode_queries(["texte"])
    assert computed.locked == ["_encode"]
