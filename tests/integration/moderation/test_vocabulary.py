"""Buyers' words on their page: read by the next search once added, as written again once withdrawn."""

import pytest

from app.core.clock import now
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, RuleBroken
from app.matchmaking.engine import engine
from app.permissions import SYSTEM, VISITOR, Actor, Role
from app.reference import services
from app.reference.enums import TermKind
from app.reference.models import BuyerFunction, Category
from app.reference.queries import buyer_terms
from tests.clients import IsolatedClient
from tests.factories import make_user

PAGE = "/moderation/referentiels/vocabulaire"
ANSWERS = {"term": "G.T.A.", "kind": "acronym", "function_key": "time", "reading": "", "source": "Usage"}


@pytest.fixture(autouse=True)
def functions(app: object) -> None:
    with unit_of_work():
        db.session.add(Category(code="48450000", level=4, label_fr="Temps de travail", label_en="Time"))
        db.session.flush()  # the function refers to it
        labels = {"label_fr": "Temps et absences", "label_en": "Time and attendance"}
        for key, parent in (("people", None), ("time", "people")):
            db.session.add(
                BuyerFunction(
                    key=key, parent_key=parent, category_code="48450000", terms=[], changed_at=now(), **labels
                )
            )
            db.session.flush()  # the next one refers to it


def expansions(text: str) -> list[str]:
    record = engine().match_text(text, [], 5, ["market"])
    return [expansion["reading"] for expansion in record.reading["expansions"]]


def test_a_word_is_read_from_the_next_search_on_and_until_it_is_withdrawn(client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.MODERATOR))
    assert expansions("GTA des agents") == []
    assert client.post(PAGE, data=ANSWERS).status_code == 302
    assert expansions("GTA des agents") == ["Temps et absences"]
    page = client.get(PAGE).get_data(as_text=True)
    assert "G.T.A." in page
    (term,) = buyer_terms()
    assert client.post(f"{PAGE}/{term.id}/retirer").status_code == 302
    assert expansions("GTA des agents") == []
    assert buyer_terms() == []


def add(actor: Actor, term: str, function_key: str = "time") -> None:
    services.add_term(
        actor, term=term, kind=TermKind.ACRONYM, function_key=function_key, reading="", source="Usage"
    )


def test_a_word_is_kept_once_and_by_moderators_only() -> None:
    add(SYSTEM, "G.T.A.")
    with pytest.raises(RuleBroken):
        add(SYSTEM, "gta")
    with pytest.raises(RuleBroken):
        add(SYSTEM, "autre", "nowhere")
    with pytest.raises(Forbidden):
        add(VISITOR, "autre")
