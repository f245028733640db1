"""Pages of needs, as an ambassador and a visitor meet them."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.core.db import db
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.permissions import Role
from tests.clients import IsolatedClient, another_client, hidden
from tests.factories import make_administration, make_category, make_criterion, make_need, make_user
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
    need = db.session.scalars(sa.select(Need)).one()
    assert (answer.location, need.status) == (f"/besoins/{need.id}/publier", NeedStatus.DRAFT)
    answer = ambassador.post(answer.location, data=hidden(ambassador.get(answer.location).text))
    db.session.expire_all()
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


def test_the_second_editor_chooses_field_by_field(ambassador: IsolatedClient) -> None:
    organisation = organisation_id()
    make_category("48000000")
    make_category("72000000")
    make_criterion("eu")
    need_id = make_need(home(), title="Avant").id
    address = f"/besoins/{need_id}/modifier"
    read = hidden(ambassador.get(address).text)
    first = answers(organisation, title="Premier", deadline_on="2027-06-01", requires_sme="verified", **read)
    assert ambassador.post(address, data=first | {"categories-0": "48000000"}).status_code == 302
    second = answers(organisation, title="Second", deadline_on="2027-09-01", requires_eu="declared", **read)
    answer = ambassador.post(address, data=second | {"categories-0": "72000000"})
    assert answer.status_code == 409
    for shown in ("Premier", "1 juin 2027", "1 septembre 2027", 'value="Second"', "Avant"):
        assert shown in answer.text
    form = re.sub(r"\s+", " ", answer.text)
    assert '<option selected value="48000000">' in form
    assert '<option selected value="72000000">' in form
    assert form.count('<option selected value="verified">') == 1
    assert form.count('<option selected value="declared">') == 1
    again = {**second, **hidden(answer.text), "prendre-title": "autre", "categories-0": "48000000"}
    again |= {"categories-1": "72000000", "requires_sme": "verified", "then": "publish"}
    assert ambassador.post(address, data=again).location == f"/besoins/{need_id}/publier"
    revision = hidden(ambassador.get(f"/besoins/{need_id}/publier").text)["revision"]
    ambassador.post(f"/besoins/{need_id}/publier", data={"revision": revision, "note": "Précisions"})
    need = db.session.get_one(Need, need_id)
    assert (need.title, str(need.deadline_on), need.version) == ("Premier", "2027-09-01", 2)
    assert [row.code for row in need.categories] == ["48000000", "72000000"]
    assert [row.criterion_key for row in need.requirements] == ["eu", "sme"]


@pytest.mark.parametrize("value", ["abc", "9" * 20, "-1", "1.5", "²", ""])
def test_a_tampered_revision_is_a_conflict(ambassador: IsolatedClient, value: str) -> None:
    need_id = make_need(home(), title="Avant").id
    for original in (value, "[" * 9000, '{"categories": 5, "title": {"a": [1]}}'):
        form = answers(organisation_id(), revision=value, original=original)
        assert ambassador.post(f"/besoins/{need_id}/modifier", data=form).status_code == 409
        assert ambassador.post(f"/besoins/{need_id}/brouillon", data=form).status_code == 409
    assert ambassador.post(f"/besoins/{need_id}/publier", data={"revision": value}).status_code == 409


def test_five_categories_stay_five(ambassador: IsolatedClient) -> None:
    codes = ["30000000", "48000000", "64000000", "72000000", "80000000"]
    need_id = make_need(home(), categories=[make_category(code) for code in codes]).id
    page = ambassador.get(f"/besoins/{need_id}/modifier").text
    chosen = re.findall(r'<option selected value="(\d{8})"', page)
    assert chosen == codes
    form = answers(organisation_id(), **hidden(page))
    form |= {f"categories-{place}": code for place, code in enumerate(chosen)}
    assert ambassador.post(f"/besoins/{need_id}/modifier", data=form).status_code == 302
    ambassador.post(f"/besoins/{need_id}/publier")
    assert [row.code for row in db.session.get_one(Need, need_id).categories] == codes


def test_the_draft_saves_itself(ambassador: IsolatedClient) -> None:
    need_id = make_need(home(), title="Avant").id
    read = hidden(ambassador.get(f"/besoins/{need_id}/modifier").text)
    form = answers(organisation_id(), title="", users_count="beaucoup", **read)
    answer = ambassador.post(f"/besoins/{need_id}/brouillon", data=form)
    assert (answer.status_code, (answer.json or {})["revision"]) == (200, 2)
    assert ambassador.post(f"/besoins/{need_id}/brouillon", data=form | {"title": "x"}).status_code == 409
    assert db.session.get_one(Need, need_id).title == "Avant"
    assert "Un brouillon est en cours" in ambassador.get(f"/besoins/{need_id}").text
    dropped = ambassador.post(f"/besoins/{need_id}/brouillon/abandonner")
    assert dropped.status_code == 302
    assert "Un brouillon est en cours" not in ambassador.get(f"/besoins/{need_id}").text


def test_history_differences_and_taking_a_version_up(ambassador: IsolatedClient, app: Flask) -> None:
    need_id = make_need(home(), title="Messagerie").id
    form = answers(organisation_id(), title="Messagerie des agents", users_count="300")
    form |= hidden(ambassador.get(f"/besoins/{need_id}/modifier").text)
    ambassador.post(f"/besoins/{need_id}/modifier", data=form)
    ambassador.post(f"/besoins/{need_id}/publier", data={"note": "Effectif connu", "nature": "correction"})
    visitor = another_client(app)
    page = visitor.get(f"/besoins/{need_id}/versions")
    assert page.status_code == 200
    for shown in ("Effectif connu", "Correction", "Nombre d’utilisateurs", "Première publication"):
        assert shown in page.text
    assert "300" in visitor.get(f"/besoins/{need_id}/versions/comparer?de=1&a=2").text
    as_it_was = visitor.get(f"/besoins/{need_id}/versions/1").text
    assert "Messagerie des agents" not in as_it_was.partition("<h1>")[2]
    assert visitor.get(f"/besoins/{need_id}/versions/3").status_code == 404
    assert visitor.get(f"/besoins/{need_id}/versions/{'9' * 20}").status_code == 404
    assert visitor.get(f"/besoins/{need_id}/versions/comparer?de=abc&a={'9' * 20}").status_code == 200
    ambassador.post(f"/besoins/{need_id}/versions/1/reprendre")
    ambassador.post(f"/besoins/{need_id}/publier")
    need = db.session.get_one(Need, need_id)
    assert (need.title, need.users_count, need.version) == ("Messagerie", None, 3)


def test_a_copy_opens_in_its_form(ambassador: IsolatedClient) -> None:
    need_id = make_need(home(), title="Messagerie").id
    location = ambassador.post(f"/besoins/{need_id}/copier").location
    assert "Copie de Messagerie" in ambassador.get(location).text


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
