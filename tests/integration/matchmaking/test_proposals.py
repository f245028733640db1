"""Match runs: the circular's order, hard criteria, near misses, and following what other processes commit."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.claims.enums import ClaimStatus
from app.core.config import Settings
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.matchmaking.engine import engine
from app.matchmaking.engine.current import Engine
from app.matchmaking.models import Embedding, MatchRun
from app.matchmaking.queries import count_proposals, get_run
from app.matchmaking.services import proposals, selection
from app.matchmaking.services.indexing import index_offers, reindex_all
from app.needs.enums import EffectiveRequirement, NeedStatus, RequiredLevel
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.services import withdraw_offer
from app.permissions import SYSTEM, Actor, Role
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_criterion, make_need, make_offer
from tests.fakes import HashingEncoder


def indexed() -> None:
    with unit_of_work():
        reindex_all()


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need(requires={"open_source": RequiredLevel.VERIFIED})


def test_only_eligible_offers_are_proposed_and_the_rest_is_counted(need: Need) -> None:
    verified = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    declared = make_offer(facts={"open_source": ClaimStatus.DECLARED})
    refuted = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED})
    silent = make_offer()
    shared = make_offer(
        make_administration(), kind=OfferKind.MUTUALISED, facts={"open_source": ClaimStatus.VERIFIED}
    )
    indexed()
    run = proposals.propose_offers(SYSTEM, need)
    assert [(p.offer_id, p.rank) for p in run.proposals] == [(shared.id, 1), (verified.id, 1)]
    assert run.exclusions["market"]["eligible"] == 1
    assert run.exclusions["market"]["total"] == 4
    assert run.exclusions["market"]["per_criterion"] == {"open_source": 3}
    near = {miss["offer_id"]: miss["failing"]["reason_code"] for miss in run.near_misses}
    assert near == {declared.id: "declared_only", refuted.id: "refuted", silent.id: "no_fact"}


def test_a_proposal_shows_arithmetic_that_adds_up(need: Need) -> None:
    make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    indexed()
    (proposal,) = proposals.propose_offers(SYSTEM, need).proposals
    parts = proposal.explanation["contributions"]
    assert sum(part["contribution"] for part in parts) == pytest.approx(proposal.score, abs=1e-6)


def test_unchanged_texts_are_never_encoded_twice(app: Flask, need: Need) -> None:
    offer = make_offer()
    indexed()
    encoder = engine().encoder
    assert isinstance(encoder, HashingEncoder)
    before = encoder.encoded
    indexed()
    assert encoder.encoded == before
    with unit_of_work():
        offer.name = "Une autre messagerie"
        db.session.flush()
        assert index_offers([offer.id]) > 0


def test_another_process_follows_what_is_committed(app: Flask, settings: Settings, need: Need) -> None:
    other = Engine(HashingEncoder)
    first = make_offer(summary="Visioconférence", description="Réunions en vidéo pour les agents.")
    indexed()
    assert [offer_id for offer_id, _score in other.search("vidéo")] == [first.id]
    second = make_offer(summary="Visioconférence", description="Réunions en vidéo pour les agents.")
    with unit_of_work():
        index_offers([second.id])
    asked = other.match_text("vidéo", {}, 10, [kind.value for kind in OfferKind])
    assert {offer.offer_id for offer in asked.proposed} == {first.id, second.id}
    with unit_of_work():
        withdraw_offer(SYSTEM, db.session.get_one(type(first), first.id))
    assert [offer_id for offer_id, _score in other.search("vidéo")] == [second.id]


def test_a_new_encoder_reencodes_everything(app: Flask, need: Need) -> None:
    make_offer()
    indexed()
    old = engine().encoder.fingerprint
    engine().encoding._encoder = HashingEncoder(dimension=16, name="other")
    assert engine().encoder.fingerprint != old
    indexed()
    assert set(db.session.scalars(sa.select(Embedding.fingerprint))) == {"other:16"}


def test_publishing_an_offer_proposes_it(need: Need, run_jobs: Callable[[], int]) -> None:
    assert proposals.propose_offers(SYSTEM, need).proposals == []
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    with unit_of_work():
        index_offers([offer.id])
        assert proposals.refresh_runs() == 1
    run = get_run(need.id)
    assert run is not None
    assert [proposal.offer_id for proposal in run.proposals] == [offer.id]
    assert count_proposals() == (1, [])


def test_refresh_keeps_no_run_when_nothing_changed(need: Need) -> None:
    make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    indexed()
    with unit_of_work():
        assert proposals.refresh_runs() == 1
    with unit_of_work():
        assert proposals.refresh_runs() == 0
    assert db.session.scalar(sa.select(sa.func.count(MatchRun.id))) == 1


def test_who_may_ask_for_proposals(need: Need) -> None:
    make_criterion("open_source")
    own = Actor(user_id=None, roles={Role.AMBASSADOR: frozenset({need.organisation_id})})
    other = Actor(user_id=None, roles={Role.AMBASSADOR: frozenset({need.organisation_id + 999})})
    vendor = Actor(user_id=None, roles={Role.VENDOR: frozenset({need.organisation_id})})
    assert proposals.propose_offers(own, need).proposals == []
    for stranger in (other, vendor):
        with pytest.raises(Forbidden):
            proposals.propose_offers(stranger, need)


def test_a_closed_need_is_no_longer_matched(app: Flask) -> None:
    closed = make_need(status=NeedStatus.CLOSED)
    with pytest.raises(InvalidTransition):
        proposals.propose_offers(SYSTEM, closed)
    with pytest.raises(InvalidTransition):
        selection.add_to_shortlist(SYSTEM, closed, make_offer())


@pytest.mark.parametrize("text", ["", "   ", "…!?"])
def test_a_need_without_words_gets_a_clear_refusal(app: Flask, text: str) -> None:
    with pytest.raises(RuleBroken, match="Décrivez"):
        engine().match_text(text, (), 5, ["market"])


def test_an_unknown_criterion_gets_a_clear_refusal(app: Flask) -> None:
    with pytest.raises(RuleBroken, match="inconnu"):
        engine().match_text(
            "messagerie", [EffectiveRequirement("inconnu", RequiredLevel.DECLARED)], 5, ["market"]
        )


@pytest.mark.parametrize("text", ["رسائل فورية آمنة", "📧💬🔒", "messagerie " * 10_000])
def test_odd_texts_get_an_answer(app: Flask, text: str) -> None:
    make_offer()
    indexed()
    assert len(engine().match_text(text, (), 5, ["market"]).proposed) == 1


def test_shortlist_twice_then_remove(need: Need) -> None:
    offer = make_offer()
    first = selection.add_to_shortlist(SYSTEM, need, offer, note="À voir")
    assert selection.add_to_shortlist(SYSTEM, need, offer) is first
    selection.annotate(SYSTEM, need, offer.id, note="Convaincant")
    assert selection.remove_from_shortlist(SYSTEM, need, offer.id) == "Convaincant"


def test_an_offer_page_leads_to_similar_offers(app: Flask, client: IsolatedClient) -> None:
    chat = make_offer(
        name="Salon", summary="Messagerie instantanée", description="Messagerie chiffrée en salons."
    )
    near = make_offer(
        name="Bavarde", summary="Messagerie instantanée", description="Messagerie chiffrée en salons."
    )
    make_offer(name="Registre", summary="Comptabilité", description="Budget et factures des communes.")
    slug, near_name = chat.slug, near.name
    assert "revenez dans une minute" in client.get(f"/offres/{slug}/proches").text
    indexed()
    page = client.get(f"/offres/{slug}/proches").text
    assert page.index(near_name) < page.index("Registre")
    assert f"/offres/{slug}/proches" in client.get(f"/offres/{slug}").text
