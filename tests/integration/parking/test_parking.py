"""A form sent when nobody is signed in any more: kept, found again filled, seen by its author only."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from wtforms import PasswordField

from app.accounts.models import Organisation, User
from app.core import clock
from app.core.db import db
from app.needs.models import Need
from app.parking.models import ParkedForm
from app.parking.services import KEPT_FOR, MOST_OF_AN_ACCOUNT, SECRET, find_own, park
from app.permissions import Actor, Role
from app.web.forms import BaseForm
from tests.clients import IsolatedClient, another_client, hidden_fields
from tests.factories import make_administration, make_criterion, make_need, make_user

TEXT = "Nos agents échangent des messages entre services, au bureau comme en mobilité."


@pytest.fixture
def author(app: Flask) -> User:
    make_criterion("sme")
    return make_user(Role.AMBASSADOR, make_administration(slug="min"))


def typed(client: IsolatedClient, path: str, **answers: str) -> dict[str, str]:
    """What a browser would send of the form on this page."""
    organisation = db.session.scalars(sa.select(Organisation.id).where(Organisation.slug == "min")).one()
    return {**hidden_fields(client.get(path).text), "organisation_id": str(organisation), **answers}


def lost(client: IsolatedClient, path: str, **answers: str) -> tuple[dict[str, str], str]:
    """The same, sent after the session has ended: what was sent, and where signing in leads."""
    data = typed(client, path, **answers)
    client.sign_out()
    answer = client.post(path, data=data)
    assert answer.status_code == 302
    place, _mark, after = answer.location.partition("?next=")
    assert place == "/connexion"
    return data, after.replace("%2F", "/")


def reopened(client: IsolatedClient, address: str) -> Any:
    return client.get(client.get(address).location)


def test_a_new_need_is_found_again_filled(client: IsolatedClient, author: User) -> None:
    answers = {"title": "Messagerie", "description": TEXT, "requires_sme": "verified", "categories-4": "x"}
    data, after = lost(client.sign_in(author), "/besoins/nouveau", **answers)
    assert "rien n’est perdu" in client.get("/connexion").text
    assert db.session.scalars(sa.select(Need)).all() == []
    client.sign_in(author)
    page = reopened(client, after)
    assert page.request.path == "/besoins/nouveau"
    for text in ("Voici ce que vous aviez écrit", 'value="Messagerie"', TEXT, 'name="categories-4"'):
        assert text in page.text
    again = {**data, **hidden_fields(page.text), "categories-4": ""}
    assert client.post("/besoins/nouveau", data=again).status_code == 302
    assert db.session.scalars(sa.select(Need.title)).all() == ["Messagerie"]
    assert db.session.scalars(sa.select(ParkedForm)).all() == []


def test_a_refused_answer_keeps_what_was_parked(client: IsolatedClient, author: User) -> None:
    data, after = lost(client.sign_in(author), "/besoins/nouveau", title="", description=TEXT)
    page = reopened(client.sign_in(author), after)
    refused = client.post("/besoins/nouveau", data={**data, **hidden_fields(page.text)})
    assert refused.status_code == 422
    assert len(db.session.scalars(sa.select(ParkedForm)).all()) == 1


def test_somebody_else_signing_in_sees_nothing_of_it(
    client: IsolatedClient, author: User, app: Flask
) -> None:
    _data, after = lost(client.sign_in(author), "/besoins/nouveau", title="Confidentiel")
    stranger = another_client(app).sign_in(make_user(Role.AMBASSADOR))
    answer = stranger.get(after)
    assert (answer.status_code, "Confidentiel" in answer.text) == (409, False)
    token = after.rpartition("/")[2]
    assert "Confidentiel" not in stranger.get(f"/besoins/nouveau?reprise={token}").text
    assert another_client(app).get(after).location.startswith("/connexion")
    assert stranger.get("/reprise/inconnu").status_code == 404


def test_an_edit_resumed_after_another_saved_is_a_conflict(
    client: IsolatedClient, author: User, app: Flask
) -> None:
    organisation = db.session.scalars(sa.select(Organisation).where(Organisation.slug == "min")).one()
    path = f"/besoins/{make_need(organisation, title='Avant').id}/modifier"
    data, after = lost(client.sign_in(author), path, title="Le mien", description=TEXT)
    other = another_client(app).sign_in(make_user(Role.AMBASSADOR, organisation))
    assert other.post(path, data=typed(other, path, title="Le sien", description=TEXT)).status_code == 302
    page = reopened(client.sign_in(author), after)
    assert 'value="Le mien"' in page.text
    answer = client.post(path, data={**data, **hidden_fields(page.text)})
    assert answer.status_code == 409
    assert "Le sien" in answer.text


def test_a_form_no_account_signed_is_not_kept(client: IsolatedClient, author: User) -> None:
    for signature in ("", "faux", "W251bGwsIi8iXQ.aaaa"):
        answer = client.post("/besoins/nouveau", data={"title": "x", "typed_by": signature})
        assert (answer.status_code, answer.location) == (302, "/connexion?next=%2Fbesoins%2Fnouveau")
    assert db.session.scalars(sa.select(ParkedForm)).all() == []


def test_with_a_lost_token_a_visitor_finds_the_form_again(app: Flask, client: IsolatedClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = client.get("/mot-de-passe-oublie").text
    client.sign_out()
    answer = client.post("/mot-de-passe-oublie", data={**hidden_fields(page), "email": "a@exemple.fr"})
    assert answer.status_code == 302
    again = reopened(client, answer.location)
    assert 'value="a@exemple.fr"' in again.text
    assert "Voici ce que vous aviez écrit" in again.text


def test_a_parked_form_expires(app: Flask, author: User) -> None:
    actor = Actor(user_id=author.id)
    token = park(author.id, page="/a", action="/a", fields=[("name", "x")])
    db.session.commit()
    with clock.fixed_at(clock.now() + KEPT_FOR - timedelta(seconds=1)):
        assert find_own(actor, token) is not None
    with clock.fixed_at(clock.now() + KEPT_FOR):
        assert find_own(actor, token) is None
        park(author.id, page="/a", action="/a", fields=[])
        assert len(db.session.scalars(sa.select(ParkedForm)).all()) == 1
    assert find_own(Actor(user_id=author.id + 1), token) is None
    assert find_own(Actor(), token) is None


def test_an_account_keeps_its_latest_forms(app: Flask, author: User) -> None:
    tokens = [park(author.id, page="/", action="/", fields=[]) for _ in range(MOST_OF_AN_ACCOUNT + 1)]
    visitor = park(None, page="/", action="/", fields=[])
    found = [find_own(Actor(user_id=author.id), token) is not None for token in tokens]
    assert found == [False, *[True] * MOST_OF_AN_ACCOUNT]
    assert find_own(Actor(), visitor) is not None


def test_no_secret_is_ever_kept(app: Flask) -> None:
    def kinds(parent: type[BaseForm]) -> list[type[BaseForm]]:
        return [parent, *(form for child in parent.__subclasses__() for form in kinds(child))]

    fields: list[tuple[str, Any]] = [pair for form in kinds(BaseForm) for pair in vars(form).items()]
    names = {name for name, field in fields if getattr(field, "field_class", None) is PasswordField}
    assert len(names) >= 2
    assert [name for name in sorted(names) if not SECRET.search(name)] == []
    token = park(None, page="/", action="/", fields=[(name, "secret") for name in names])
    parked = find_own(Actor(), token)
    assert parked is not None
    assert parked.fields == []
