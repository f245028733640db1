"""Step 1 of the circular: the State's solutions of a need's function come first, whatever the criteria."""

import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from app.accounts.queries import actor_of
from app.claims.enums import ClaimStatus
from app.commands.catalogue import match_command
from app.core.clock import now
from app.core.db import db, unit_of_work
from app.core.errors import InvalidTransition
from app.doctrine.enums import Outcome, SetAside, Step
from app.doctrine.presenters import procedure_of
from app.doctrine.services import close_step, consider
from app.matchmaking.engine import engine
from app.matchmaking.models import MatchRun
from app.matchmaking.queries.runs import kept_out_of
from app.matchmaking.services.answers import answer_need, run_of
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import needs_to_match, propose_offers
from app.needs.enums import RequiredLevel
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.offers.queries import published_offers
from app.permissions import SYSTEM, Role
from app.reference.models import BuyerFunction, Category
from app.seeding import seed_everything
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_need, make_offer, make_user

CHAT = "Une messagerie instantanée pour les agents."


@pytest.fixture
def functions(app: Flask) -> None:
    with unit_of_work():
        db.session.add(Category(code="48500000", level=3, label_fr="Communication", label_en="Communication"))
        db.session.flush()  # the functions refer to it
        for key, parent, label in (
            ("communication", None, "Communication"),
            ("chat", "communication", "messagerie instantanée"),
            ("iaas", "communication", "machines virtuelles"),
        ):
            db.session.add(
                BuyerFunction(
                    key=key,
                    parent_key=parent,
                    category_code="48500000",
                    terms=[],
                    changed_at=now(),
                    label_fr=label,
                    label_en=key,
                )
            )
            db.session.flush()  # the next one refers to it


@pytest.fixture
def need(functions: None) -> Need:
    asked = {"secnumcloud": RequiredLevel.VERIFIED, "eu_hosting": RequiredLevel.DECLARED}
    return make_need(title="Messagerie instantanée", description=CHAT, requires=asked)


@pytest.fixture
def shared(need: Need) -> Offer:
    return make_offer(
        make_administration(name="Opérateur de l’État"),
        kind=OfferKind.MUTUALISED,
        name="Salon",
        summary=CHAT,
        description=CHAT,
        facts={"eu_hosting": ClaimStatus.DECLARED},
    )


def matched(need: Need) -> MatchRun:
    with unit_of_work():
        reindex_all()
    with unit_of_work():
        return propose_offers(SYSTEM, need)


def test_a_state_solution_that_lacks_a_criterion_is_kept_with_what_it_lacks(
    need: Need, shared: Offer
) -> None:
    run = matched(need)
    assert [one.offer_id for one in run.proposals] == []
    [kept] = kept_out_of(run)
    lacking = {one["criterion"]: one["outcome"] for one in kept.explanation["outcomes"]}
    assert (kept.offer.id, kept.offer_version) == (shared.id, shared.version)
    assert lacking == {"secnumcloud": "unknown", "eu_hosting": "met"}


def test_the_page_says_what_is_missing_and_who_could_attest_it(
    need: Need, shared: Offer, client: IsolatedClient
) -> None:
    make_offer(name="Autre", summary="Tondeuses", description="Des tondeuses à gazon.")
    matched(need)
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    page = client.get(f"/besoins/{need.id}/propositions").get_data(as_text=True)
    first = page[page.index('id="kind-mutualised"') : page.index('id="kind-market"')]
    assert "Salon" in first
    assert "Convient, mais il manque 1 critère" in first
    assert "Qui peut l’attester : Opérateur de l’État" in first
    assert "Aucune solution mutualisée" not in first
    assert f"/besoins/{need.id}/demarche" in first
    assert "Rien au catalogue ne remplit tous vos critères" in page
    assert "restent consultables, repliées" not in page


def test_a_solution_of_another_function_is_not_put_in_step_one(need: Need, shared: Offer) -> None:
    other = make_offer(
        make_administration(),
        kind=OfferKind.MUTUALISED,
        name="Tondeuse",
        summary="Tondeuses",
        description="Location de tondeuses à gazon.",
    )
    assert other.id not in {one.offer.id for one in kept_out_of(matched(need))}


def test_the_doctrine_has_it_studied_before_step_one_closes(need: Need, shared: Offer) -> None:
    ambassador = actor_of(make_user(Role.AMBASSADOR, need.organisation))
    run = matched(need)
    with unit_of_work():
        run.kept_out = [
            {**one, "explanation": {**one["explanation"], "fit": "possible"}} for one in run.kept_out
        ]
    first = procedure_of(need).steps[0]
    [candidate] = first.candidates
    assert (first.left, candidate.offer_id) == (1, shared.id)
    assert len(candidate.missing) == 1
    with pytest.raises(InvalidTransition):
        close_step(ambassador, need, Step.MUTUALISE)
    with unit_of_work():
        consider(
            ambassador,
            need,
            shared,
            outcome=Outcome.SET_ASIDE,
            reason=SetAside.SECURITY,
            detail="Pas qualifié",
        )
        assert close_step(ambassador, need, Step.MUTUALISE).considered == 1


def test_a_run_is_made_anew_when_a_solution_lacks_more(functions: None) -> None:
    asked = dict.fromkeys(("secnumcloud", "open_source", "eu_hosting"), RequiredLevel.DECLARED)
    need = make_need(title="Messagerie instantanée", description=CHAT, requires=asked)
    solution = make_offer(
        make_administration(),
        kind=OfferKind.MUTUALISED,
        summary=CHAT,
        facts={"eu_hosting": ClaimStatus.DECLARED},
    )
    matched(need)
    assert needs_to_match() == []
    with unit_of_work():
        [claim] = solution.claims
        claim.value = False
    with unit_of_work():
        reindex_all(force=True)
    assert needs_to_match() == [need.id]


def test_the_command_lists_step_one(
    app: Flask, need: Need, shared: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.catalogue.create_app", lambda: app)
    offer_id = shared.id
    matched(need)
    answer = json.loads(CliRunner().invoke(match_command, ["--need", str(need.id), "--json"]).output)
    [row] = answer["step_1"]
    assert (row["id"], [one["criterion"] for one in row["missing"]]) == (offer_id, ["secnumcloud"])


def test_no_seeded_need_whose_function_the_state_serves_has_an_empty_step_one(app: Flask) -> None:
    """Listed at the end: those needs, by title."""
    seed_everything()
    with unit_of_work():
        reindex_all()
    served: dict[str, list[str]] = {}
    for need in db.session.scalars(sa.select(Need).order_by(Need.id)):
        free = engine().match_text(f"{need.title}. {need.description}", (), 50, [OfferKind.MUTUALISED.value])
        able = {one.offer_id for one in free.proposed if one.explanation["serves"]}
        if not able:
            continue
        run = run_of(answer_need(need), None)
        listed = {one.offer.id for one in kept_out_of(run) if one.offer.kind is OfferKind.MUTUALISED}
        listed |= {one.offer_id for one in run.proposals if one.explanation["serves"]}
        served[need.title] = [offer.name for offer in published_offers(able & listed)]
    assert all(served.values()), [title for title, names in served.items() if not names]
    assert len(served) >= SERVED_BY_THE_STATE


SERVED_BY_THE_STATE = 20
