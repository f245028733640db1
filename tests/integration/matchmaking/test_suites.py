"""Sets of offers that cover several functions, and what is said when one is not covered."""

import pytest
from flask import Flask

from app.claims.enums import ClaimStatus
from app.core.db import unit_of_work
from app.core.errors import RuleBroken
from app.matchmaking.engine import suites
from app.matchmaking.engine.suites import find_suites
from app.matchmaking.services.indexing import reindex_all
from app.needs.enums import EffectiveRequirement, RequiredLevel
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.permissions import Role
from tests.clients import IsolatedClient
from tests.factories import make_criterion, make_offer, make_user
from tests.query_counts import counted_queries

KINDS = [kind.value for kind in OfferKind]
MAIL, VIDEO = "messagerie électronique", "visioconférence"


@pytest.fixture
def catalogue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Offer]:
    monkeypatch.setattr(suites, "COVERS", 1.0)  # few offers: no score is far from the mean
    monkeypatch.setattr(suites, "SURE", 1.5)
    declared = {"open_source": ClaimStatus.DECLARED}
    texts = {
        "mail": ("Courriel", "Messagerie électronique", declared),
        "video": ("Écrans", "Visioconférence", declared),
        "both": ("Tout", "Messagerie électronique et visioconférence", None),
        "pay": ("Paie", "Calcul de la paie", declared),
        "map": ("Cartes", "Cartographie des risques", declared),
        "vote": ("Urnes", "Vote électoral", declared),
    }
    offers = {
        key: make_offer(name=name, summary=summary, description=f"{summary}.", facts=facts)
        for key, (name, summary, facts) in texts.items()
    }
    with unit_of_work():
        reindex_all()
    return offers


@pytest.fixture
def ambassador(client: IsolatedClient, catalogue: dict[str, Offer]) -> IsolatedClient:
    return client.sign_in(make_user(Role.AMBASSADOR))


def test_fewest_offers_first_and_who_covers_what(catalogue: dict[str, Offer]) -> None:
    answer = find_suites([MAIL, VIDEO], (), KINDS)
    sets = [list(suite.members) for suite in answer.suites]
    assert sets[0] == [catalogue["both"].id]
    assert sets[1] == [catalogue["mail"].id, catalogue["video"].id]
    covers = answer.suites[1].members[catalogue["mail"].id]
    assert [cover.function for cover in covers] == [MAIL]
    assert "Messagerie" in covers[0].proposed.explanation["shared_words"]
    assert (answer.uncovered, answer.eligible, answer.total) == ([], 6, 6)


def test_what_the_state_shares_comes_before_the_market(catalogue: dict[str, Offer]) -> None:
    shared = [
        make_offer(name=name, summary=summary, description=f"{summary}.", kind=OfferKind.MUTUALISED)
        for name, summary in (("Tchop", "Messagerie électronique"), ("Visop", "Visioconférence"))
    ]
    with unit_of_work():
        reindex_all()
    answer = find_suites([MAIL, VIDEO], (), KINDS)
    found = [(list(suite.members), suite.is_mutualised) for suite in answer.suites]
    assert found[0] == ([offer.id for offer in shared], True)
    assert found[1] == ([catalogue["both"].id], False)
    assert [members for members, _first in found].count(found[0][0]) == 1
    assert not any(suite.is_mutualised for suite in find_suites([MAIL, VIDEO], (), ["market"]).suites)


def test_only_eligible_offers_are_members(catalogue: dict[str, Offer]) -> None:
    answer = find_suites([MAIL, VIDEO], [EffectiveRequirement("open_source", RequiredLevel.DECLARED)], KINDS)
    assert [list(suite.members) for suite in answer.suites] == [[catalogue["mail"].id, catalogue["video"].id]]
    assert answer.eligible == 5


def test_a_function_without_candidate_is_named_with_its_near_misses(catalogue: dict[str, Offer]) -> None:
    refuted = make_offer(
        name="Sceau", summary="Signature", description="Signature.", facts={"sme": ClaimStatus.CONTRADICTED}
    )
    with unit_of_work():
        reindex_all()
    answer = find_suites(
        ["signature", "archivage légal"], [EffectiveRequirement("sme", RequiredLevel.DECLARED)], KINDS
    )
    assert answer.suites == []
    assert [missing.function for missing in answer.uncovered] == ["signature", "archivage légal"]
    near = answer.uncovered[0].near_misses[0]
    assert (near["offer_id"], near["failing"]["reason_code"]) == (refuted.id, "refuted")
    assert answer.uncovered[0].closest is None


def test_other_kinds_are_left_out(catalogue: dict[str, Offer]) -> None:
    answer = find_suites([MAIL, VIDEO], (), [OfferKind.MUTUALISED.value])
    assert (answer.suites, answer.eligible, answer.total) == ([], 0, 0)
    assert [missing.closest for missing in answer.uncovered] == [None, None]


def test_a_function_without_a_word_is_refused(catalogue: dict[str, Offer]) -> None:
    with pytest.raises(RuleBroken):
        find_suites([MAIL, "…"], (), KINDS)


def test_the_page_opens_with_examples_that_work(ambassador: IsolatedClient) -> None:
    page = ambassador.get("/ensembles")
    assert page.status_code == 200
    assert "Partez d’un exemple" in page.text
    start = page.text.index('href="/ensembles?fonction_1=') + len('href="')
    address = page.text[start : page.text.index('"', start)].replace("&amp;", "&")
    assert ambassador.get(address).status_code == 200


def test_the_address_holds_the_question(ambassador: IsolatedClient, catalogue: dict[str, Offer]) -> None:
    names = [offer.name for offer in catalogue.values()]
    page = ambassador.get(f"/ensembles?fonction_1={MAIL}&fonction_2={VIDEO}&exige_open_source=declared")
    assert page.status_code == 200
    assert f'value="{MAIL}"' in page.text
    assert "1. Courriel + Écrans" in page.text
    assert "Tout" not in [name for name in names if f"{name}</a>" in page.text]
    assert page.text.count("checked") == 3


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("?fonction_1=mail", "au moins deux fonctions"),
        ("?fonction_1=", "au moins deux fonctions"),
        ("?fonction_1=mail&fonction_2=MAIL", "au moins deux fonctions"),
        ("?fonction_1=mail&fonction_2=!!!", "en quelques mots"),
        (f"?fonction_1=mail&fonction_2={'a' * 201}", "200"),
        ("?fonction_1=mail&fonction_2=visio&type=inconnu", "inconnu"),
        ("?fonction_1=mail&fonction_2=visio&exige_open_source=beaucoup", "error-summary"),
    ],
)
def test_a_wrong_question_is_said_and_nothing_is_lost(
    ambassador: IsolatedClient, address: str, message: str
) -> None:
    page = ambassador.get(f"/ensembles{address}")
    assert page.status_code == 422
    assert message in page.text
    if "mail" in address:
        assert 'value="mail"' in page.text


def test_an_uncovered_function_is_explained(ambassador: IsolatedClient, catalogue: dict[str, Offer]) -> None:
    make_criterion("secnumcloud", label_fr="SecNumCloud")
    page = ambassador.get(f"/ensembles?fonction_1={MAIL}&fonction_2={VIDEO}&exige_secnumcloud=verified").text
    assert page.count("Aucune offre éligible ne couvre cette fonction.") == 2
    assert "À un critère près" in page
    assert "aucune déclaration" in page


def test_suites_are_for_ambassadors(client: IsolatedClient, catalogue: dict[str, Offer]) -> None:
    assert "/connexion" in client.get("/ensembles").location
    assert client.sign_in(make_user(Role.VENDOR)).get("/ensembles").status_code == 404


def test_the_page_costs_the_same_with_more_offers(
    ambassador: IsolatedClient, catalogue: dict[str, Offer]
) -> None:
    address = f"/ensembles?fonction_1={MAIL}&fonction_2={VIDEO}"

    def cost() -> int:
        with unit_of_work():
            reindex_all()
        ambassador.get(address)
        with counted_queries() as statements:
            ambassador.get(address)
        return len(statements)

    few = cost()
    for number in range(4):
        make_offer(name=f"Visio {number}", summary="Visioconférence", description="Visioconférence.")
    assert cost() == few
