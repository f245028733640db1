"""A buyer's weights: stored, audited, applied after the gate; nothing changes without them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus
from app.core.clock import today
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.matchmaking.engine import engine, weighing
from app.matchmaking.enums import Measure
from app.matchmaking.models import MatchRun, NeedWeight
from app.matchmaking.queries.objectives import weights_of
from app.matchmaking.services import proposals
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.objectives import save_evidence, set_weights
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need
from app.offers.models import Offer
from app.permissions import SYSTEM, Actor, Role
from app.reference.services import save_objective
from tests.clients import IsolatedClient
from tests.factories import make_criterion, make_need, make_offer, make_user

SAME_TEXT: dict[str, Any] = {
    "name": "Messagerie",
    "summary": "Messagerie",
    "description": "Messagerie collaborative.",
}


@pytest.fixture
def need(app: Flask) -> Need:
    make_criterion("open_source")
    make_criterion("secnumcloud")
    for position, key in enumerate(("security", "availability", "cost")):
        save_objective(SYSTEM, key=key, position=position, label_fr=key.capitalize(), label_en=key)
    points = {"share": 1.0, "verified": 1.0, "declared": 0.6, "refused": 0.0, "reason_fr": "Parce que."}
    save_evidence(SYSTEM, objective_key="security", criterion_key="secnumcloud", **points)  # type: ignore[arg-type]
    save_evidence(
        SYSTEM,
        objective_key="availability",
        measure=Measure.LEAD_TIME_DAYS,
        best=10,
        worst=110,
        **points,  # type: ignore[arg-type]
    )
    db.session.commit()
    return make_need()


def weigh(need: Need, weights: dict[str, int]) -> bool:
    with unit_of_work():
        return set_weights(SYSTEM, need, weights)


def offers(*facts: dict[str, ClaimStatus] | None, **values: Any) -> list[Offer]:
    found = [make_offer(facts=some, **SAME_TEXT, **values) for some in facts]
    with unit_of_work():
        reindex_all()
    return found


def as_data(run: MatchRun) -> dict[str, Any]:
    return {
        "proposals": [(p.offer_id, p.rank, p.score, p.explanation) for p in run.proposals],
        "parameters": run.parameters,
        "exclusions": run.exclusions,
        "near_misses": run.near_misses,
    }


def test_verified_comes_before_declared_before_unknown_before_refused(need: Need) -> None:
    unknown, refuted, declared, verified = offers(
        None,
        {"secnumcloud": ClaimStatus.CONTRADICTED},
        {"secnumcloud": ClaimStatus.DECLARED},
        {"secnumcloud": ClaimStatus.VERIFIED},
    )
    assert [p.offer_id for p in proposals.propose_offers(SYSTEM, need).proposals] == [
        unknown.id,
        refuted.id,
        declared.id,
        verified.id,
    ]  # same text, hence the order of numbers
    weigh(need, {"security": 3})
    run = proposals.propose_offers(SYSTEM, need)
    assert [p.offer_id for p in run.proposals] == [verified.id, declared.id, unknown.id, refuted.id]
    normalised = [p.explanation["contributions"][-1]["normalised"] for p in run.proposals]
    assert normalised == pytest.approx([1.0, 0.6, 0.3, 0.0])  # unknown: half way to declared
    assert [p.explanation["objectives"]["unknown"] for p in run.proposals] == [[], [], ["security"], []]
    bounds = run.proposals[2].explanation["objectives"]
    assert bounds["high"] - bounds["low"] == pytest.approx(2.0)
    assert bounds["low"] < run.proposals[2].score < bounds["high"]


def test_the_arithmetic_with_objectives_adds_up(need: Need) -> None:
    offers({"secnumcloud": ClaimStatus.DECLARED}, None, lead_time_days=60)
    weigh(need, {"security": 5, "availability": 2, "cost": 1})
    for proposal in proposals.propose_offers(SYSTEM, need).proposals:
        parts = proposal.explanation["contributions"]
        assert sum(part["contribution"] for part in parts) == pytest.approx(proposal.score, abs=1e-9)
        names = [part["signal"] for part in parts if part["signal"].startswith("objective:")]
        assert names == ["objective:availability", "objective:cost", "objective:security"]
        evidence = proposal.explanation["objectives"]["evidence"]
        assert evidence["availability"] == [
            {
                "source": "lead_time_days",
                "standing": "declared",
                "share": 1.0,
                "points": 0.3,
                "low": 0.3,
                "high": 0.3,
            }
        ]  # half way from best to worst: half the points of a declaration
        assert "cost" not in evidence


def test_without_weights_nothing_changes_at_all(need: Need) -> None:
    offers({"secnumcloud": ClaimStatus.VERIFIED}, None, {"open_source": ClaimStatus.DECLARED})
    before = as_data(proposals.propose_offers(SYSTEM, need))
    weigh(need, {"security": 5})
    weighed = as_data(proposals.propose_offers(SYSTEM, need))
    assert weighed != before
    weigh(need, {"security": 0})
    assert as_data(proposals.propose_offers(SYSTEM, need)) == before


def test_the_gate_is_the_same_with_weights(need: Need) -> None:
    strict = make_need(requires={"open_source": RequiredLevel.VERIFIED})
    eligible, *_others = offers(
        {"open_source": ClaimStatus.VERIFIED},
        {"open_source": ClaimStatus.DECLARED, "secnumcloud": ClaimStatus.VERIFIED},
        {"secnumcloud": ClaimStatus.VERIFIED},
    )
    before = proposals.propose_offers(SYSTEM, strict)
    weigh(strict, {"security": 5})
    after = proposals.propose_offers(SYSTEM, strict)
    assert [p.offer_id for p in after.proposals] == [eligible.id]
    assert (after.exclusions, after.near_misses) == (before.exclusions, before.near_misses)


def test_an_expired_claim_proves_nothing(need: Need) -> None:
    (offer,) = offers({"secnumcloud": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = today() - timedelta(days=1)
    db.session.commit()
    weigh(need, {"security": 1})
    (proposal,) = proposals.propose_offers(SYSTEM, need).proposals
    (piece,) = proposal.explanation["objectives"]["evidence"]["security"]
    assert (piece["standing"], piece["low"], piece["high"]) == ("unknown", 0.0, 1.0)


def test_an_offer_far_below_rises_whatever_the_depth(need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = offers(*[None] * 11, {"secnumcloud": ClaimStatus.VERIFIED})
    weigh(need, {"security": 5})
    monkeypatch.setattr(weighing, "DEEPER", 2)
    record = weighing.match_weighed(need, 1, ["market"], weights_of(need.id))
    assert [proposed.offer_id for proposed in record.proposed] == [everyone[-1].id]
    plain = {offer.offer_id: offer.rank for offer in engine().match(need, 12, ["market"]).proposed}
    assert plain[everyone[-1].id] > 2  # beyond the first depth
    assert record.proposed[0].explanation["objectives"]["rank_before"] == plain[everyone[-1].id]
    assert record.parameters["weighing"]["considered"] == 12


def test_weights_are_kept_with_the_run_and_audited(need: Need) -> None:
    offers(None)
    assert weigh(need, {"security": 4, "cost": 0}) is True
    assert weigh(need, {"security": 4}) is False
    run = proposals.propose_offers(SYSTEM, need)
    assert proposals.weights_in(run) == {"security": 4}
    assert weigh(need, {"cost": 1}) is True
    assert proposals.weights_in(run) == {"security": 4}
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "need.weighed").order_by(AuditEntry.id)
    ).all()
    assert [entry.details for entry in entries] == [
        {"weights": "security 4", "before": ""},
        {"weights": "cost 1", "before": "security 4"},
    ]


def test_a_refresh_keeps_a_new_run_when_only_the_weights_changed(need: Need) -> None:
    offers(None)
    with unit_of_work():
        assert proposals.refresh_run(need.id) is True
        assert proposals.refresh_run(need.id) is False
        weigh(need, {"cost": 4})
        assert proposals.refresh_run(need.id) is True
        weigh(need, {"cost": 5})  # alone, hence the same scores
        assert proposals.refresh_run(need.id) is True
        assert proposals.refresh_run(need.id) is False


@pytest.mark.parametrize("weights", [{"security": 6}, {"security": -1}, {"unknown": 2}])
def test_senseless_weights_are_refused(need: Need, weights: dict[str, int]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        set_weights(SYSTEM, need, weights)
    assert list(refusal.value.fields) == list(weights)
    assert weights_of(need.id) == {}


def test_who_may_weigh_and_when(need: Need) -> None:
    own = Actor(user_id=None, roles={Role.AMBASSADOR: frozenset({need.organisation_id})})
    moderator = Actor(user_id=None, roles={Role.MODERATOR: frozenset({need.organisation_id})})
    assert set_weights(own, need, {"security": 1}) is True
    with pytest.raises(Forbidden):
        set_weights(moderator, need, {"security": 2})
    with pytest.raises(InvalidTransition):
        set_weights(own, make_need(need.organisation, status=NeedStatus.CLOSED), {"security": 1})


def test_the_pages_from_form_to_reordered_list(need: Need, client: IsolatedClient) -> None:
    last, first = offers(None, {"secnumcloud": ClaimStatus.VERIFIED})
    last_name, first_name = (f'href="/offres/{offer.slug}"' for offer in (last, first))
    ambassador = client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    ambassador.post(f"/besoins/{need.id}/propositions")
    assert "facultatif" in ambassador.get(f"/besoins/{need.id}/propositions").text
    form = ambassador.get(f"/besoins/{need.id}/priorites")
    assert "Parce que." in form.text
    assert form.text.count("ne détient encore aucune preuve") == 1  # cost alone
    answer = ambassador.post(
        f"/besoins/{need.id}/priorites",
        data={"weight_security": "5", "weight_availability": "0", "weight_cost": "1"},
    )
    assert answer.location == f"/besoins/{need.id}/propositions"
    page = ambassador.get(answer.location).text
    assert page.index(first_name) < page.index(last_name)
    assert "5 sur 5" in page
    assert "Selon ce qui reste inconnu" in page
    assert 'value="5"' in ambassador.get(f"/besoins/{need.id}/priorites").text
    assert db.session.scalars(sa.select(NeedWeight.weight).order_by(NeedWeight.weight)).all() == [1, 5]


def test_a_wrong_weight_is_said_and_the_others_stay(need: Need, client: IsolatedClient) -> None:
    ambassador = client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    answer = ambassador.post(
        f"/besoins/{need.id}/priorites",
        data={"weight_security": "9", "weight_availability": "3", "weight_cost": "0"},
    )
    assert answer.status_code == 422
    assert 'href="#weight_security"' in answer.text
    assert '<option selected value="3">' in answer.text
    assert weights_of(need.id) == {}


def test_a_stranger_finds_no_priorities(need: Need, client: IsolatedClient) -> None:
    stranger = client.sign_in(make_user(Role.AMBASSADOR))
    assert stranger.get(f"/besoins/{need.id}/priorites").status_code == 404


def test_a_closed_need_says_so(need: Need, client: IsolatedClient) -> None:
    closed = make_need(need.organisation, status=NeedStatus.CLOSED)
    ambassador = client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    assert "est clos" in ambassador.get(f"/besoins/{closed.id}/priorites").text
