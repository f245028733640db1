"""The three steps of the circular: no route skips one, and what was decided stays."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts.enums import AdministrationKind
from app.accounts.queries import actor_of
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.doctrine.engine import Purchase, load_note
from app.doctrine.enums import Ground, Outcome, SetAside, Step, Way
from app.doctrine.queries import closings_of, considerations_of, find_development, notes_of
from app.doctrine.services import (
    buys_as_state,
    close_step,
    consider,
    forget,
    issue_note,
    open_development,
    reopen_step,
    routes_on,
)
from app.matchmaking.queries import get_run
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.permissions import SYSTEM, Actor, Role
from app.reference.models import LegalParameter
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_need, make_offer, make_user, saved

WHY = "Aucune solution du marché ne tient les délais que la loi fixe à ce service."


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need(title="Messagerie collaborative")


@pytest.fixture
def ambassador(need: Need) -> Actor:
    return actor_of(make_user(Role.AMBASSADOR, need.organisation))


def matched(need: Need) -> None:
    with unit_of_work():
        reindex_all()
    with unit_of_work():
        for proposal in propose_offers(SYSTEM, need).proposals:
            proposal.explanation = {**proposal.explanation, "fit": "possible"}


def state_solution() -> Offer:
    return make_offer(make_administration(), kind=OfferKind.MUTUALISED)


def set_aside(actor: Actor, need: Need, offer: Offer) -> None:
    consider(actor, need, offer, outcome=Outcome.SET_ASIDE, reason=SetAside.NEED)


def test_market_is_not_studied_before_the_state_solutions(ambassador: Actor, need: Need) -> None:
    market = make_offer()
    state_solution()
    matched(need)

    with pytest.raises(InvalidTransition, match="solutions mutualisées"):
        set_aside(ambassador, need, market)
    with pytest.raises(InvalidTransition, match="solutions mutualisées"):
        close_step(ambassador, need, Step.BUY)
    assert considerations_of(need.id) == []


def test_a_step_closes_once_every_proposal_has_its_outcome(ambassador: Actor, need: Need) -> None:
    first, second = state_solution(), state_solution()
    matched(need)
    set_aside(ambassador, need, first)

    with pytest.raises(InvalidTransition, match="Il reste 1 solution"):
        close_step(ambassador, need, Step.MUTUALISE)
    consider(ambassador, need, second, outcome=Outcome.RETAINED)
    closing = close_step(ambassador, need, Step.MUTUALISE)

    assert (closing.considered, closing.retained, closing.need_version) == (2, 1, need.version)
    with pytest.raises(InvalidTransition, match="close"):
        set_aside(ambassador, need, first)
    with pytest.raises(InvalidTransition, match="close"):
        forget(ambassador, need, first)


def test_a_step_is_not_closed_before_the_search(ambassador: Actor, need: Need) -> None:
    with pytest.raises(InvalidTransition, match="recherche"):
        close_step(ambassador, need, Step.MUTUALISE)


def test_development_opens_only_when_nothing_is_retained(ambassador: Actor, need: Need) -> None:
    solution, market = state_solution(), make_offer()
    matched(need)
    grounds = {"ground": Ground.LEAD_TIME, "justification": WHY, "way": Way.MIXED}

    set_aside(ambassador, need, solution)
    close_step(ambassador, need, Step.MUTUALISE)
    with pytest.raises(InvalidTransition, match="étapes 1 et 2"):
        open_development(ambassador, need, **grounds)  # type: ignore[arg-type]  # one dictionary, three types
    consider(ambassador, need, market, outcome=Outcome.RETAINED)
    close_step(ambassador, need, Step.BUY)
    with pytest.raises(InvalidTransition, match="retenue"):
        open_development(ambassador, need, **grounds)  # type: ignore[arg-type]
    reopen_step(ambassador, need, Step.BUY)
    set_aside(ambassador, need, market)
    close_step(ambassador, need, Step.BUY)
    open_development(ambassador, need, **grounds)  # type: ignore[arg-type]

    assert find_development(need.id) is not None
    reopen_step(ambassador, need, Step.MUTUALISE)
    assert (closings_of(need.id), find_development(need.id)) == ({}, None)
    assert len(considerations_of(need.id)) == 2


def test_nothing_fits_is_no_ground_once_something_was_studied(ambassador: Actor, need: Need) -> None:
    set_aside_all = [state_solution()]
    matched(need)
    for offer in set_aside_all:
        set_aside(ambassador, need, offer)
    close_step(ambassador, need, Step.MUTUALISE)
    close_step(ambassador, need, Step.BUY)

    with pytest.raises(RuleBroken):
        open_development(ambassador, need, ground=Ground.NOTHING_FITS, justification=WHY, way=Way.IN_HOUSE)
    with pytest.raises(RuleBroken):
        open_development(ambassador, need, ground=Ground.COST, justification="Trop cher.", way=Way.IN_HOUSE)


@pytest.mark.parametrize(
    ("outcome", "reason", "field"),
    [
        (Outcome.SET_ASIDE, None, "reason"),
        (Outcome.RETAINED, SetAside.COST, "reason"),
        (Outcome.SET_ASIDE, SetAside.OTHER, "detail"),
    ],
)
def test_an_outcome_without_its_reason_is_refused(
    ambassador: Actor, need: Need, outcome: Outcome, reason: SetAside | None, field: str
) -> None:
    offer = state_solution()

    with pytest.raises(RuleBroken) as refusal:
        consider(ambassador, need, offer, outcome=outcome, reason=reason)

    assert list(refusal.value.fields) == [field]


def test_only_its_own_ambassadors_decide(need: Need) -> None:
    offer = state_solution()

    for actor in (actor_of(make_user(Role.AMBASSADOR)), actor_of(make_user(Role.MODERATOR)), Actor()):
        with pytest.raises(Forbidden):
            set_aside(actor, need, offer)


def test_a_note_says_what_was_decided_and_stays(ambassador: Actor, need: Need) -> None:
    offer = state_solution()
    matched(need)
    with pytest.raises(InvalidTransition):
        issue_note(ambassador, need, issued_by="Une ambassade")
    consider(ambassador, need, offer, outcome=Outcome.RETAINED, detail="Déjà déployée chez nous.")
    close_step(ambassador, need, Step.MUTUALISE)

    note = issue_note(ambassador, need, issued_by="Une ambassade")
    db.session.commit()
    offer.name, need.title = "Autre nom", "Autre titre"
    db.session.commit()
    db.session.refresh(note)

    content = load_note(note.content)
    assert content.digest() == note.digest
    assert [(item.outcome, item.detail) for item in content.solutions] == [
        ("retained", "Déjà déployée chez nous.")
    ]
    assert content.title == "Messagerie collaborative"
    assert issue_note(ambassador, need, issued_by="Une ambassade").number == 2


def test_pages_from_study_to_note(need: Need, client: IsolatedClient) -> None:
    user = make_user(Role.AMBASSADOR, need.organisation)
    offer, base = state_solution(), f"/besoins/{need.id}"
    matched(need)
    client.sign_in(user)

    assert offer.name in client.get(f"{base}/demarche").text
    assert (
        client.post(f"{base}/demarche/solutions/{offer.id}", data={"outcome": "set_aside"}).status_code == 422
    )
    client.post(f"{base}/demarche/solutions/{offer.id}", data={"outcome": "retained", "detail": "Bien."})
    client.post(f"{base}/demarche/etapes/1/clore")
    client.post(f"{base}/note-de-choix")

    assert "Note de choix n° 1" in client.get(f"{base}/note-de-choix/1").text
    pdf = client.get(f"{base}/note-de-choix/1.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    [digest] = [note.digest for note in notes_of(need.id)]
    assert "authentique" in client.get(f"/notes/{digest}").text
    assert client.get(f"/notes/{'0' * 64}").status_code == 404
    assert client.get(f"{base}/demarche/achat?amount=59999.99").status_code == 200
    assert client.get(f"{base}/demarche/etapes/1/rouvrir").status_code == 200
    assert client.post(f"{base}/demarche/etapes/3/clore").status_code == 404


@pytest.mark.parametrize("page", ["demarche", "demarche/achat", "note-de-choix/1", "note-de-choix/1.pdf"])
def test_procedure_is_hidden_from_others(need: Need, client: IsolatedClient, page: str) -> None:
    client.sign_in(make_user(Role.VENDOR))

    assert client.get(f"/besoins/{need.id}/{page}").status_code == 404


def test_a_legal_parameter_applies_from_its_day_and_not_before(app: Flask) -> None:
    for value, since, until in (("40000", None, date(2026, 12, 31)), ("60000", date(2027, 1, 1), None)):
        saved(
            LegalParameter(
                key="no_publicity_threshold_supplies_services",
                value=value,
                unit="EUR_HT",
                legal_reference=f"art. R2122-8, {value}",
                valid_from=since,
                valid_to=until,
            )
        )
    purchase = Purchase(Decimal(50_000))

    found = {day: routes_on(day, purchase)[0] for day in (date(2026, 12, 31), date(2027, 1, 1))}

    assert {day: finding.applies for day, finding in found.items()} == {
        date(2026, 12, 31): False,
        date(2027, 1, 1): True,
    }


@pytest.mark.parametrize(
    ("kind", "asked"), [("ministry", True), ("operator", True), ("local", False), ("health", False)]
)
def test_only_the_state_asks_dinum(app: Flask, kind: str, asked: bool) -> None:
    need = make_need(make_administration(administration_kind=AdministrationKind(kind)))

    assert buys_as_state(need) is asked


def test_what_is_off_topic_needs_no_reason(ambassador: Actor, need: Need) -> None:
    state_solution()
    matched(need)
    run = get_run(need.id)
    assert run is not None
    for proposal in run.proposals:
        proposal.explanation = {**proposal.explanation, "fit": "weak"}
    db.session.commit()

    assert close_step(ambassador, need, Step.MUTUALISE).considered == 0
