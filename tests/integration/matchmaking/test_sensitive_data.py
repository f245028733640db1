"""Sensitive data: whatever the path, no offer without a verified SecNumCloud qualification is eligible."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from app.claims.enums import ClaimStatus, Verdict
from app.claims.services import decide_claim, declare_claim
from app.commands.catalogue import match_command
from app.core.db import db, unit_of_work
from app.matchmaking.engine import engine
from app.matchmaking.engine.reverse import needs_for
from app.matchmaking.engine.suites import find_suites
from app.matchmaking.engine.weighing import match_weighed
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import PROPOSED, propose_offers
from app.needs.enums import RequiredLevel, effective_requirements
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.permissions import SYSTEM, Role
from app.reference.enums import AttributeType, CriterionOperator
from tests.clients import IsolatedClient
from tests.factories import (
    make_administration,
    make_attribute,
    make_criterion,
    make_need,
    make_offer,
    make_user,
)

KINDS = [kind.value for kind in OfferKind]


@pytest.fixture
def offers(app: Flask) -> dict[str, Offer]:
    """One offer of each kind for each state of the claim, alike in every other way."""
    make_criterion("secnumcloud", left_to_buyer=True)
    found = {}
    for kind in OfferKind:
        owner = make_administration() if kind is OfferKind.MUTUALISED else None
        for status in (None, *ClaimStatus):
            if status is ClaimStatus.WITHDRAWN:
                continue
            facts = {"secnumcloud": status} if status else {}
            name = f"{kind.value} {status.value if status else 'silent'}"
            found[name] = make_offer(owner, kind=kind, name=name, facts=facts)
    return found


@pytest.fixture
def need(offers: dict[str, Offer]) -> Need:
    need = make_need(make_administration(), sensitive_data=True)
    with unit_of_work():
        reindex_all()
    return need


@pytest.fixture
def verified(offers: dict[str, Offer]) -> set[int]:
    return {offer.id for name, offer in offers.items() if name.endswith(" verified")}


def test_effective_requirements_add_what_the_law_asks() -> None:
    asked = {"sme": RequiredLevel.DECLARED, "secnumcloud": RequiredLevel.DECLARED}
    plain = effective_requirements(asked, sensitive_data=False)
    assert [(one.criterion_key, one.level, one.by_law) for one in plain] == [
        ("secnumcloud", RequiredLevel.DECLARED, False),
        ("sme", RequiredLevel.DECLARED, False),
    ]
    by_law = effective_requirements(asked, sensitive_data=True)
    assert [(one.criterion_key, one.level, one.by_law) for one in by_law] == [
        ("secnumcloud", RequiredLevel.VERIFIED, True),
        ("sme", RequiredLevel.DECLARED, False),
    ]


def test_match_and_near_misses(need: Need, verified: set[int], offers: dict[str, Offer]) -> None:
    record = engine().match(need, 50, KINDS)
    assert {item.offer_id for item in record.proposed} == verified
    near = {miss["offer_id"]: miss["failing"]["reason_code"] for miss in record.near_misses}
    assert not near.keys() & verified
    assert near.get(offers["free_software silent"].id, "left_to_buyer") == "left_to_buyer"
    assert record.exclusions["eligible"] == len(verified)


def test_runs_kept_with_the_need(need: Need, verified: set[int]) -> None:
    run = propose_offers(SYSTEM, need)
    assert {proposal.offer_id for proposal in run.proposals} == verified
    assert {kind: counts["eligible"] for kind, counts in run.exclusions.items()} == {
        kind.value: 1 for kind in PROPOSED
    }


def test_weighed_order(need: Need, verified: set[int]) -> None:
    record = match_weighed(need, 20, KINDS, {"security": 5})
    assert {item.offer_id for item in record.proposed} == verified


def test_needs_of_an_offer(need: Need, offers: dict[str, Offer]) -> None:
    for name, offer in offers.items():
        found = needs_for(offer, [need])
        assert found is not None
        assert [served.need_id for served in found.served] == ([need.id] if name.endswith("verified") else [])
        assert [miss.need_id for miss in found.missed] == ([] if name.endswith("verified") else [need.id])


def test_suites(need: Need, verified: set[int]) -> None:
    required = effective_requirements({}, sensitive_data=True)
    answer = find_suites(["Messagerie", "Messagerie collaborative"], required, KINDS)
    assert answer.eligible == len(verified)
    assert {member for suite in answer.suites for member in suite.members} <= verified


def test_page_of_suites(need: Need, client: IsolatedClient, offers: dict[str, Offer]) -> None:
    client.sign_in(make_user(Role.AMBASSADOR))
    asked = "/ensembles?fonction_1=Messagerie&fonction_2=Messagerie+collaborative&donnees_sensibles=y"
    page = client.get(asked).text
    assert "3 offres" in page or "3\N{NO-BREAK SPACE}offres" in page


def test_count_beside_the_form_of_a_need(need: Need, client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.AMBASSADOR))
    everything = client.post("/besoins/criteres/compte", data={}).text
    sensitive = client.post("/besoins/criteres/compte", data={"sensitive_data": "y"}).text
    assert everything != sensitive


def matched(app: Flask, *options: str) -> set[int]:
    answer = CliRunner().invoke(match_command, [*options, "-k", "50", "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return {row["id"] for row in json.loads(answer.output)["matches"]}


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.commands.catalogue.create_app", lambda: app)


@pytest.mark.usefixtures("command")
def test_match_command(app: Flask, need: Need, verified: set[int], offers: dict[str, Offer]) -> None:
    assert matched(app, "--need", str(need.id)) == verified
    assert matched(app, "--text", "messagerie", "--sensitive") == verified
    lax = matched(app, "--text", "messagerie", "--sensitive", "--require", "secnumcloud")
    assert lax == verified
    assert len(matched(app, "--text", "messagerie")) == len(offers)


@pytest.mark.usefixtures("command")
def test_match_command_takes_a_threshold(app: Flask) -> None:
    rate = make_attribute("rgaa_rate", type=AttributeType.NUMBER, unit="%")
    make_criterion("rgaa_75", attribute=rate, operator=CriterionOperator.AT_LEAST, operand=75)
    offers = {value: make_offer(name=f"Offre à {value} %") for value in (74, 75, 76)}
    silent = make_offer()
    for value, offer in offers.items():
        claim = declare_claim(SYSTEM, subject_of(offer), attribute_key="rgaa_rate", value=value)
        if value == 76:
            decide_claim(SYSTEM, claim, verdict=Verdict.VERIFIED, reason="Audit lu")
    db.session.commit()
    with unit_of_work():
        reindex_all()
    asked = ("--text", "messagerie", "--require")
    assert matched(app, *asked, "rgaa_75") == {offers[75].id, offers[76].id}
    assert matched(app, *asked, "rgaa_75=verified") == {offers[76].id}
    assert silent.id in matched(app, "--text", "messagerie")


def test_without_the_criterion_nothing_is_eligible(app: Flask) -> None:
    make_offer()
    need = make_need(sensitive_data=True)
    with unit_of_work():
        reindex_all()
    assert engine().match(need, 50, KINDS).proposed == []
    assert propose_offers(SYSTEM, need).proposals == []


def test_hosting_asked_without_sensitive_data_does_not_exclude_free_software(
    offers: dict[str, Offer], verified: set[int]
) -> None:
    need = make_need(requires={"secnumcloud": RequiredLevel.VERIFIED})
    with unit_of_work():
        reindex_all()
    record = engine().match(need, 50, KINDS)
    silent = offers["free_software silent"].id
    assert {item.offer_id for item in record.proposed} == {*verified, silent}
    [answer] = next(item for item in record.proposed if item.offer_id == silent).explanation["outcomes"]
    assert (answer["outcome"], answer["reason_code"]) == ("not_applicable", "left_to_buyer")
