"""Needs for an offer, resemblance, suites, buyer's weights."""

from __future__ import annotations

import numpy as np
import pytest

from matching.criteria.types import Requirement
from matching.errors import MatchingError, UnknownOffer
from matching.retrieval.similarity import similar_needs
from matching.retrieval.suites import minimal_suites
from matching.retrieval.types import Contribution, Match, Need
from matching.retrieval.weights import UNKNOWN, SubScore, weigh
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import DECLARED, REFUTED, make_matcher, make_offer

MAIL = make_offer(1, "Courriel", "Messagerie électronique et agenda partagé", sme=DECLARED)
CHAT = make_offer(2, "Discussion", "Messagerie instantanée sécurisée", sme=REFUTED)
VIDEO = make_offer(3, "Visio", "Visioconférence et réunions à distance", sme=DECLARED)
DOCS = make_offer(4, "Papiers", "Édition de documents à plusieurs", sme=DECLARED)
OFFERS = (MAIL, CHAT, VIDEO, DOCS)
NEEDS = {
    10: Need("Réunions à distance", requirements=(Requirement("sme"),)),
    11: Need("Messagerie électronique"),
    12: Need("Visioconférence", requirements=(Requirement("open_source"),)),
    13: Need(" "),
}


def test_needs_for_offer_give_the_score_of_the_run() -> None:
    matcher = make_matcher(OFFERS)
    found = matcher.needs_for_offer(3, NEEDS)
    assert {match.need_id for match in found} == {10, 11}
    for placed in found:
        run = matcher.match(NEEDS[placed.need_id]).matches
        mine = next(match for match in run if match.offer_id == 3)
        assert (placed.score, placed.position, placed.eligible) == (mine.score, mine.rank, len(run))


def test_needs_for_an_ineligible_offer_leave_it_out() -> None:
    assert {match.need_id for match in make_matcher(OFFERS).needs_for_offer(2, NEEDS)} == {11}
    with pytest.raises(UnknownOffer):
        make_matcher(OFFERS).needs_for_offer(99, NEEDS)


def test_similar_offers_leave_the_offer_itself_out() -> None:
    near = make_matcher(OFFERS).similar_offers(1, 2)
    assert len(near) == 2
    assert 1 not in {number for number, _ in near}
    assert near[0][1] >= near[1][1]
    assert make_matcher(OFFERS).similar_offers(1, kinds=["mutualised"]) == []


def test_similar_needs_group_the_same_demand() -> None:
    encoder = HashingEncoder()
    texts = {5: "messagerie instantanée", 6: "messagerie instantanée agents", 7: "archivage légal"}
    vectors = {key: encoder.encode_queries([text])[0] for key, text in texts.items()}
    assert similar_needs(vectors, 5, 1)[0][0] == 6


def test_minimal_suites_have_no_superfluous_member() -> None:
    candidates = {"mail": {1: 3.0, 2: 1.0}, "video": {2: 2.0, 3: 4.0}, "chat": {1: 2.0, 2: 5.0}}
    suites = minimal_suites(candidates)
    assert [suite.offer_ids for suite in suites] == [(2,), (1, 3)]
    assert suites[1].covers == {"mail": 1, "video": 3, "chat": 1}
    assert suites[1].score == pytest.approx((3 + 4 + 2) / 3)


def test_suite_with_an_unserved_function_does_not_exist() -> None:
    assert minimal_suites({"mail": {1: 3.0}, "video": {}}) == []
    assert minimal_suites({}) == []


def test_suites_of_the_matcher_hold_eligible_offers_only() -> None:
    asked = (Requirement("sme"),)
    functions = {
        "mail": Need("messagerie électronique agenda", requirements=asked),
        "video": Need("visioconférence réunions distance", requirements=asked),
    }
    suites = make_matcher(OFFERS).suites(functions)
    assert suites[0].offer_ids == (1, 3)
    assert all(2 not in suite.offer_ids for suite in suites)


def matches(*scores: float) -> list[Match]:
    return [
        Match(number, number, score, (Contribution("dense", score, score, 1.0, score),), ())
        for number, score in enumerate(scores, start=1)
    ]


def known(value: float) -> SubScore:
    return SubScore(value, value, value)


def test_weights_move_offers_and_keep_the_arithmetic() -> None:
    subscores = {1: {"autonomy": known(0.0), "cost": known(0.5)}, 2: {"autonomy": known(1.0)}}
    result = weigh(matches(1.0, 0.5), subscores, {"autonomy": 3.0, "cost": 1.0, "unused": 0.0})
    assert [item.match.offer_id for item in result.matches] == [2, 1]
    for rank, item in enumerate(result.matches, start=1):
        parts = item.match.contributions
        assert item.match.rank == rank
        assert [part.signal for part in parts] == ["dense", "objective:autonomy", "objective:cost"]
        assert sum(part.contribution for part in parts) == pytest.approx(item.match.score, abs=1e-12)
        assert all(part.contribution == part.normalised * part.weight for part in parts)


def test_unknown_is_neither_zero_nor_full() -> None:
    subscores = {1: {"cost": known(0.2)}, 2: {}, 3: {"cost": known(0.8)}}
    result = weigh(matches(0.0, 0.0, 0.0), subscores, {"cost": 2.0})
    assert [item.match.offer_id for item in result.matches] == [3, 2, 1]
    unknown = result.matches[1]
    assert unknown.unknown == ("cost",)
    assert (unknown.low, unknown.match.score, unknown.high) == pytest.approx((0.0, 1.0, 2.0))


def test_what_is_partly_known_has_bounds_of_its_own() -> None:
    subscores = {1: {"a": SubScore(0.25, 0.5, 0.75)}, 2: {"a": UNKNOWN, "b": known(1.0)}}
    first, second = weigh(matches(0.0, 0.0), subscores, {"a": 1.0, "b": 1.0}).matches
    assert (second.match.offer_id, second.low, second.match.score, second.high) == (1, 0.25, 1.0, 1.75)
    assert (first.match.offer_id, first.low, first.match.score, first.high) == (2, 1.0, 1.5, 2.0)
    assert (first.unknown, second.unknown) == (("a",), ("a", "b"))


def test_equal_totals_are_ordered_by_number_whatever_the_order_of_arrival() -> None:
    found = weigh(list(reversed(matches(1.0, 1.0, 1.0))), {}, {"a": 1.0}).matches
    assert [item.match.offer_id for item in found] == [1, 2, 3]


def test_stability_is_certain_when_one_offer_leads_everywhere() -> None:
    subscores = {1: {"a": known(1.0), "b": known(1.0)}, 2: {"a": known(0.0), "b": known(0.1)}}
    result = weigh(matches(3.0, 0.0), subscores, {"a": 1.0, "b": 1.0})
    assert (result.same_first, result.stays_in_top) == (1.0, {1: 1.0, 2: 1.0})


def test_stability_sees_a_tight_race() -> None:
    subscores = {1: {"a": known(1.0), "b": known(0.0)}, 2: {"a": known(0.0), "b": known(1.0)}}
    result = weigh(matches(0.0, 0.0), subscores, {"a": 1.0, "b": 1.0})
    assert 0.35 < result.same_first < 0.65
    assert result.stays_in_top == {1: 1.0, 2: 1.0}


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": -1.0}, {"a": float("nan")}])
def test_senseless_weights_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(MatchingError):
        weigh(matches(1.0), {}, weights)


@pytest.mark.parametrize(
    "bounds", [SubScore(0.0, 1.0, 1.5), SubScore(-0.1, 0.2, 0.5), SubScore(0.2, 0.6, 0.4)]
)
def test_sub_score_out_of_range_is_refused(bounds: SubScore) -> None:
    with pytest.raises(MatchingError):
        weigh(matches(1.0), {1: {"a": bounds}}, {"a": 1.0})


def test_no_match_weighs_nothing() -> None:
    assert weigh([], {}, {"a": 1.0}).matches == ()
    assert np.isclose(weigh([], {}, {"a": 1.0}).overlap, 1.0)
