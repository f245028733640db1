"""Who reads what of a need, field by field."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Organisation
from app.accounts.queries import actor_of
from app.core.db import db
from app.events.enums import Side
from app.matchmaking.engine.adapters import as_engine_need
from app.matchmaking.services.selection import add_to_shortlist
from app.meetings.enums import RequestState
from app.needs.enums import Audience
from app.needs.models import Need
from app.needs.queries import audience_of
from app.needs.services import edit_need
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient, another_client, hidden
from tests.factories import (
    make_administration,
    make_need,
    make_offer,
    make_user,
    make_vendor,
)
from tests.integration.events.factories import make_delegation, make_event, make_proposal, make_request

SECRETS: dict[str, Any] = {
    "context": "Annuaire Zéphyr en place",
    "budget_range": "987 654 euros",
    "contract_holder": "Titulaire Ondine",
    "contract_product": "Produit Sirocco",
    "contract_exit": "Préavis de cent jours",
}
BUDGET, CONTEXT = {"budget_range"}, {"context"}
CONTRACT = {"contract_holder", "contract_product", "contract_exit"}
READERS = ("team", "moderator", "administration", "concerned", "vendor", "visitor")


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need(make_administration(slug="ours"), **SECRETS)


@pytest.fixture
def readers(app: Flask, need: Need) -> dict[str, IsolatedClient]:
    """One client for each kind of reader; the concerned vendor's offer is on the shortlist."""
    selected, other = make_vendor(), make_vendor()
    author = make_user(Role.AMBASSADOR, need.organisation)
    add_to_shortlist(actor_of(author), need, make_offer(selected))
    make_offer(other)
    db.session.commit()
    people = {
        "team": author,
        "moderator": make_user(Role.MODERATOR),
        "administration": make_user(Role.AMBASSADOR, make_administration(slug="theirs")),
        "concerned": make_user(Role.VENDOR, selected),
        "vendor": make_user(Role.VENDOR, other),
    }
    clients = {name: another_client(app).sign_in(person) for name, person in people.items()}
    return {**clients, "visitor": another_client(app)}


def seen(client: IsolatedClient, address: str) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200
    return {name for name, text in SECRETS.items() if text in page.text}


def settle(need: Need, **audiences: str) -> None:
    edit_need(SYSTEM, db.session.get_one(Need, need.id), audiences=audiences)
    db.session.commit()


ALL = BUDGET | CONTEXT | CONTRACT
TABLE = [
    ({}, dict(zip(READERS, (ALL, ALL, CONTEXT | CONTRACT, set(), set(), set()), strict=True))),
    (
        {"budget": "vendors", "context": "public", "contract": "team"},
        dict(
            zip(
                READERS,
                (ALL, ALL, BUDGET | CONTEXT, BUDGET | CONTEXT, CONTEXT, CONTEXT),
                strict=True,
            )
        ),
    ),
    (
        {"budget": "public", "context": "team", "contract": "vendors"},
        dict(
            zip(READERS, (ALL, ALL, BUDGET | CONTRACT, BUDGET | CONTRACT, BUDGET, BUDGET), strict=True),
        ),
    ),
]


@pytest.mark.parametrize(("audiences", "expected"), TABLE)
def test_each_reader_sees_its_parts(
    readers: dict[str, IsolatedClient], need: Need, audiences: dict[str, str], expected: dict[str, set[str]]
) -> None:
    """On the need's page and on the page of its version alike."""
    need_id = need.id
    settle(need, **audiences)
    number = db.session.get_one(Need, need_id).version
    for name, client in readers.items():
        assert seen(client, f"/besoins/{need_id}") == expected[name], name
        assert seen(client, f"/besoins/{need_id}/versions/{number}") <= expected[name], name
    assert seen(readers["team"], f"/besoins/{need_id}/versions/{number}") == ALL


def test_what_was_kept_apart_in_a_version_stays_so(readers: dict[str, IsolatedClient], need: Need) -> None:
    """Opening the budget today does not tell what it was before; closing it hides what was told."""
    need_id, visitor = need.id, readers["visitor"]
    settle(need, budget="public")
    edit_need(SYSTEM, db.session.get_one(Need, need_id), budget_range="12 euros")
    db.session.commit()
    last = db.session.get_one(Need, need_id).version
    assert seen(visitor, f"/besoins/{need_id}/versions/{last - 1}") == BUDGET
    assert seen(visitor, f"/besoins/{need_id}/versions/1") == set()
    assert seen(visitor, f"/besoins/{need_id}/versions/comparer?de={last - 1}&a={last}") == BUDGET
    assert seen(visitor, f"/besoins/{need_id}/versions/comparer?de=1&a={last}") == set()
    settle(need, budget="team")
    assert seen(visitor, f"/besoins/{need_id}/versions/{last - 1}") == set()
    history = visitor.get(f"/besoins/{need_id}/versions").text
    assert "Budget" not in history
    assert "Budget" in readers["team"].get(f"/besoins/{need_id}/versions").text


def test_the_team_reads_as_others_do(readers: dict[str, IsolatedClient], need: Need) -> None:
    settle(need, budget="vendors", context="administrations", contract="team")
    address = f"/besoins/{need.id}?vu_par="
    expected = {"administrations": BUDGET | CONTEXT, "vendors": BUDGET, "public": set(), "abc": ALL}
    for reader, parts in expected.items():
        assert seen(readers["team"], address + reader) == parts
    for name in ("administration", "concerned", "vendor", "visitor"):  # nobody else climbs by it
        assert seen(readers[name], address + "administrations") == seen(readers[name], f"/besoins/{need.id}")


def test_what_goes_out_is_shown_before(client: IsolatedClient, app: Flask) -> None:
    """Sending the form of a new need publishes nothing: the page says what everybody will read."""
    organisation: Organisation = make_administration(slug="min")
    client.sign_in(make_user(Role.AMBASSADOR, organisation))
    form = {
        "organisation_id": str(organisation.id),
        "title": "Messagerie",
        "description": "Nos agents échangent des messages entre services, au bureau et dehors.",
        **SECRETS,
        "audience_context": Audience.PUBLIC.value,
        "then": "publish",
    }
    answer = client.post("/besoins/nouveau", data=form)
    need = db.session.query(Need).one()
    assert answer.location == f"/besoins/{need.id}/publier"
    assert need.published_at is None
    page = client.get(answer.location).text
    public, apart = page.split("Ce que tout le monde ne lira pas")
    assert {name for name, text in SECRETS.items() if text in public} == CONTEXT
    assert {name for name, text in SECRETS.items() if text in apart} == BUDGET | CONTRACT
    assert "Lu par : mon administration seule." in apart
    assert client.post(answer.location, data=hidden(page)).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Need, need.id).published_at is not None


@pytest.mark.parametrize("value", ["everyone", "", "team "])
def test_an_unknown_audience_is_refused(client: IsolatedClient, app: Flask, need: Need, value: str) -> None:
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    page = client.get(f"/besoins/{need.id}/modifier").text
    form = {"title": "Autre", "description": need.description, "audience_budget": value, **hidden(page)}
    answer = client.post(f"/besoins/{need.id}/modifier", data=form | {"organisation_id": "1"})
    assert answer.status_code == 422


@pytest.mark.parametrize(("fit", "concerned"), [("strong", True), ("possible", True), ("weak", False)])
def test_a_proposal_concerns_its_vendor_once_it_fits(
    app: Flask, need: Need, fit: str, *, concerned: bool
) -> None:
    proposal = make_proposal(need, make_offer(make_vendor()), 3.0)
    proposal.explanation = {**proposal.explanation, "fit": fit}
    db.session.commit()
    vendor = actor_of(make_user(Role.VENDOR, proposal.offer.organisation))
    assert audience_of(vendor, need) is (Audience.VENDORS if concerned else Audience.PUBLIC)


def test_a_vendor_no_longer_proposed_is_no_longer_concerned(app: Flask, need: Need) -> None:
    offer = make_offer(make_vendor())
    vendor = actor_of(make_user(Role.VENDOR, offer.organisation))
    make_proposal(need, offer, 3.0)
    assert audience_of(vendor, need) is Audience.VENDORS
    make_proposal(need, make_offer(make_vendor()), 3.0)  # a later run, without it
    assert audience_of(vendor, need) is Audience.PUBLIC


@pytest.mark.parametrize(
    ("asking", "state", "concerned"),
    [
        (Side.ADMINISTRATION, RequestState.PENDING, True),
        (Side.ADMINISTRATION, RequestState.DECLINED, True),
        (Side.ADMINISTRATION, RequestState.WITHDRAWN, False),
        (Side.VENDOR, RequestState.ACCEPTED, True),
        (Side.VENDOR, RequestState.PENDING, False),
        (Side.VENDOR, RequestState.DECLINED, False),
    ],
)
def test_a_vendor_does_not_concern_itself_by_asking(
    app: Flask, need: Need, asking: Side, state: RequestState, *, concerned: bool
) -> None:
    event = make_event()
    buyer = make_delegation(event, Side.ADMINISTRATION, organisation=need.organisation)
    seller = make_delegation(event, Side.VENDOR)
    make_request(buyer, seller, need_id=need.id, requested_by=asking, state=state)
    vendor = actor_of(make_user(Role.VENDOR, seller.organisation))
    assert audience_of(vendor, need) is (Audience.VENDORS if concerned else Audience.PUBLIC)


def test_the_search_reads_nothing_kept_apart(app: Flask, need: Need) -> None:
    read = repr(as_engine_need(need))
    assert need.title in read
    assert not [text for text in SECRETS.values() if text in read]
