"""Pages of needs, as an ambassador and a visitor meet them."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.core.db import db
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.permissions import Role
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_criterion, make_need, make_user
from tests.query_counts import counted_queries

TEXT = "Nos agents échangent des messages entre services, au bureau comme en mobilité."


@pytest.fixture
def ambassador(client: IsolatedClient) -> IsolatedClient:
    make_criterion("sme")
    return client.sign_in(make_user(Role.AMBASSADOR, make_administration(slug="min")))


def answers(organisation_id: int, **changes: str) -> dict[str, str]:
    return {"organisation_id": str(organisation_id), "title": "Messagerie", "description": TEXT} | changes


def home() -> Organisation:
    return db.session.scalars(sa.select(Organisation).where(Organisation.slug == "min")).one()


def organisation_id() -> int:
    return home().id


def test_create_and_publish(ambassador: IsolatedClient) -> None:
    form = answers(organisation_id(), requires_sme="verified", then="publish")
    answer = ambassador.post("/besoins/nouveau", data=form)
    assert answer.status_code == 302
    need = db.session.scalars(sa.select(Need)).one()
    assert need.status is NeedStatus.PUBLISHED
    assert [(r.criterion_key, r.level) for r in need.requirements] == [("sme", RequiredLevel.VERIFIED)]
    page = ambassador.get(answer.location)
    assert page.status_code == 200
    assert "Messagerie" in page.text


def test_a_wrong_answer_keeps_the_others(ambassador: IsolatedClient) -> None:
    form = answers(organisation_id(), title="", users_count="beaucoup", requires_sme="declared")
    answer = ambassador.post("/besoins/nouveau", data=form)
    assert answer.status_code == 422
    assert TEXT in answer.text
    assert 'value="beaucoup"' in answer.text
    assert 'href="#title"' in answer.text
    assert 'href="#users_count"' in answer.text
    assert db.session.scalars(sa.select(Need)).all() == []


def test_the_second_editor_is_told_and_loses_nothing(ambassador: IsolatedClient) -> None:
    organisation = organisation_id()
    need = make_need(home(), title="Avant")
    need_id, version = need.id, str(need.version)
    first = answers(organisation, title="Premier", version=version)
    assert ambassador.post(f"/besoins/{need_id}/modifier", data=first).status_code == 302
    second = answers(organisation, title="Second", version=version)
    answer = ambassador.post(f"/besoins/{need_id}/modifier", data=second)
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text
    assert "Premier" in answer.text
    assert db.session.get_one(Need, need_id).title == "Premier"
    again = second | {"version": str(db.session.get_one(Need, need_id).version)}
    assert ambassador.post(f"/besoins/{need_id}/modifier", data=again).status_code == 302
    assert db.session.get_one(Need, need_id).title == "Second"


def test_an_ambassador_of_elsewhere_finds_nothing_to_edit(ambassador: IsolatedClient) -> None:
    need_id = make_need(title="Ailleurs").id
    assert ambassador.get(f"/besoins/{need_id}").status_code == 200
    assert ambassador.get(f"/besoins/{need_id}/modifier").status_code == 404
    assert ambassador.post(f"/besoins/{need_id}/publier").status_code == 404
    draft_id = make_need(status=NeedStatus.DRAFT, published_at=None).id
    assert ambassador.get(f"/besoins/{draft_id}").status_code == 404


@pytest.mark.parametrize("path", ["/besoins", "/mes-besoins"])
def test_lists_take_the_same_number_of_queries(ambassador: IsolatedClient, path: str, app: Flask) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_need(home(), requires={"sme": RequiredLevel.DECLARED})
        with counted_queries() as counted:
            assert ambassador.get(path).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_close_asks_first(ambassador: IsolatedClient) -> None:
    need_id = make_need(home()).id
    assert ambassador.get(f"/besoins/{need_id}/clore").status_code == 200
    assert db.session.get_one(Need, need_id).status is NeedStatus.PUBLISHED
    assert ambassador.post(f"/besoins/{need_id}/clore").status_code == 302
    assert db.session.get_one(Need, need_id).status is NeedStatus.CLOSED
