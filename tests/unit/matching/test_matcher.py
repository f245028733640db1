"""The matcher: gate, ranking, counts, explanations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from matching.criteria.types import Level, Outcome, Requirement
from matching.errors import (
    DimensionMismatch,
    EmptyText,
    InvalidVector,
    UnknownCriterion,
    UnknownOffer,
)
from matching.retrieval.encoder import encode_offers
from matching.retrieval.matcher import Matcher
from matching.retrieval.text import offer_texts
from matching.retrieval.types import Need, Vectors
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import CRITERIA, DECLARED, REFUTED, VERIFIED, make_matcher, make_offer

MAIL = make_offer(1, "Courriel souverain", "Messagerie électronique pour agents publics", sme=VERIFIED)
CHAT = make_offer(2, "Discussion", "Messagerie instantanée sécurisée pour agents", sme=DECLARED)
ARCHIVE = make_offer(3, "Archive", "Archivage électronique de documents", sme=REFUTED)
VIDEO = make_offer(4, "Visio", "Visioconférence pour réunions", france_hosting=DECLARED)
OFFERS = (MAIL, CHAT, ARCHIVE, VIDEO)


def test_match_ranks_closest_offer_first() -> None:
    result = make_matcher(OFFERS).match(Need("Messagerie instantanée pour les agents"))
    assert result.matches[0].offer_id == 2
    assert [match.rank for match in result.matches] == [1, 2, 3, 4]


def test_match_proposes_only_what_meets_the_criterion() -> None:
    need = Need("Archivage de documents", requirements=(Requirement("sme", Level.VERIFIED),))
    result = make_matcher(OFFERS).match(need)
    assert [match.offer_id for match in result.matches] == [1]
    assert {miss.offer_id: miss.failing.reason_code for miss in result.near_misses} == {
        2: "declared_only",
        3: "refuted",
        4: "no_fact",
    }


def test_match_accepts_a_declaration_when_the_need_does() -> None:
    need = Need("Archivage de documents", requirements=(Requirement("sme"),))
    assert {match.offer_id for match in make_matcher(OFFERS).match(need).matches} == {1, 2}


def test_narrower_hosting_implies_broader_hosting() -> None:
    need = Need("Visioconférence", requirements=(Requirement("eu_hosting"),))
    (match,) = make_matcher(OFFERS).match(need).matches
    assert match.offer_id == 4
    assert (match.outcomes[0].reason_code, match.outcomes[0].decided_by) == ("implied", "france_hosting")


def test_exclusions_count_each_criterion_alone_and_together() -> None:
    asked = (Requirement("sme", Level.VERIFIED), Requirement("eu_hosting"))
    counts = make_matcher(OFFERS).count_eligible(asked)
    assert (counts.eligible, counts.total, counts.excluded) == (0, 4, 4)
    assert counts.per_criterion == {"sme": 3, "eu_hosting": 3}
    assert counts.combinations == {("sme",): 1, ("eu_hosting",): 1, ("sme", "eu_hosting"): 2}
    assert counts.counterfactuals == {"sme": 1, "eu_hosting": 1, "sme@declared": 0}
    assert counts.unknown == {"sme": 2, "eu_hosting": 3}


def test_contributions_add_up_to_the_score() -> None:
    for match in make_matcher(OFFERS).match(Need("Messagerie pour agents")).matches:
        assert sum(part.contribution for part in match.contributions) == pytest.approx(match.score, abs=1e-6)


def test_shared_words_are_those_the_offer_writes() -> None:
    result = make_matcher(OFFERS).match(Need("messageries instantanées"))
    assert set(result.matches[0].shared_words) == {"Messagerie", "instantanée"}


def test_passages_quote_the_offer() -> None:
    text = " ".join(f"Phrase numéro {i} sur le classement des courriers reçus." for i in range(20))
    matcher = make_matcher([make_offer(1, "Long", text + " La visioconférence est incluse.")])
    (match,) = matcher.match(Need("visioconférence incluse")).matches
    assert len(match.passages) == 3
    assert all(passage.text in f"Long. {text} La visioconférence est incluse." for passage in match.passages)
    assert "visioconférence" in match.passages[0].text


def test_kinds_limit_the_run() -> None:
    assert make_matcher(OFFERS).match(Need("Visio"), kinds=["mutualised"]).matches == ()
    assert make_matcher(OFFERS).match(Need("Visio"), kinds=["mutualised"]).exclusions.total == 0


def test_search_stays_within_the_numbers_given() -> None:
    assert {pair[0] for pair in make_matcher(OFFERS).search("messagerie", 5, ids=[1, 3])} == {1, 3}


def test_explain_pair_gives_the_same_score_as_the_run() -> None:
    matcher, need = make_matcher(OFFERS), Need("Messagerie", requirements=(Requirement("sme"),))
    listed = matcher.match(need).matches[0]
    assert matcher.explain_pair(need, listed.offer_id).score == listed.score
    assert matcher.explain_pair(need, 3).outcomes[0].outcome is Outcome.NOT_MET


def test_removed_offer_is_no_longer_found() -> None:
    matcher = make_matcher(OFFERS)
    matcher.remove([2, 99])
    assert 2 not in {match.offer_id for match in matcher.match(Need("Messagerie instantanée")).matches}
    with pytest.raises(UnknownOffer):
        matcher.explain_pair(Need("Messagerie"), 2)


def test_empty_matcher_answers_with_nothing() -> None:
    result = make_matcher([]).match(Need("Messagerie", requirements=(Requirement("sme"),)))
    assert (result.matches, result.exclusions.total) == ((), 0)


def test_single_offer_is_proposed() -> None:
    assert [m.offer_id for m in make_matcher([MAIL]).match(Need("Courriel")).matches] == [1]


@pytest.mark.parametrize("text", ["", "   \n", "...!?", "\x00\x01"])
def test_need_without_content_is_refused_by_name(text: str) -> None:
    with pytest.raises(EmptyText):
        make_matcher(OFFERS).match(Need(text))


@pytest.mark.parametrize("text", ["مراسلة فورية آمنة", "📧🔒", "mot " * 25_000, "\ud800 messagerie"])
def test_unusual_need_gets_a_full_answer(text: str) -> None:
    assert len(make_matcher(OFFERS).match(Need(text)).matches) == 4


def test_unknown_criterion_is_refused_by_name() -> None:
    with pytest.raises(UnknownCriterion):
        make_matcher(OFFERS).match(Need("Visio", requirements=(Requirement("hds"),)))


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (np.full((1, 32), np.nan, np.float32), InvalidVector),
        (np.zeros((1, 32), np.float32), InvalidVector),
        (np.ones((1, 31), np.float32), DimensionMismatch),
        (np.empty((0, 32), np.float32), InvalidVector),
    ],
)
def test_bad_vector_is_refused_and_changes_nothing(rows: Vectors, error: type[Exception]) -> None:
    matcher = make_matcher(OFFERS)
    with pytest.raises(error):
        matcher.upsert([make_offer(9)], {9: rows})
    assert len(matcher) == 4


def test_upsert_without_vectors_keeps_those_of_before() -> None:
    matcher = make_matcher(OFFERS)
    matcher.upsert([make_offer(3, "Archive", sme=VERIFIED)], {})
    assert matcher.count_eligible([Requirement("sme", Level.VERIFIED)]).eligible == 2
    with pytest.raises(InvalidVector):
        matcher.upsert([make_offer(50)], {})


def test_need_mean_is_said_and_can_be_taken_back() -> None:
    matcher, need = make_matcher(OFFERS), Need("Messagerie pour agents")
    before = matcher.match(need)
    assert before.parameters["need_mean"] == "2026-11-27"
    matcher.set_need_mean(np.full(32, 0.1, np.float32))
    given = matcher.match(need)
    assert given.parameters["need_mean"] == "given"
    assert given.matches != before.matches
    matcher.set_need_mean(None)
    assert matcher.match(need).matches == before.matches


@pytest.mark.parametrize("mean", [np.ones(31, np.float32), np.full(32, np.nan, np.float32)])
def test_bad_need_mean_is_refused(mean: Vectors) -> None:
    with pytest.raises(InvalidVector):
        make_matcher(OFFERS).set_need_mean(mean)


class Listening(HashingEncoder):
    """Remembers the needs it was given to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return super().encode_queries(texts)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("visioconference", "visioconférence"),
        ("messagerie electronique", "messagerie électronique"),
        ("Reunions en visioconference", "Réunions en visioconférence"),
        ("mise en oeuvre d’une messagerie", "mise en œuvre d’une messagerie"),
    ],
)
def test_two_writings_of_a_need_are_one_to_the_encoder(typed: str, written: str) -> None:
    encoder = Listening()
    matcher = Matcher(encoder, CRITERIA)
    matcher.upsert(OFFERS, {offer.id: encode_offers(encoder, offer_texts(offer)) for offer in OFFERS})
    matcher.match(Need("Une question pour apprendre les moyennes"))
    encoder.heard.clear()
    for text in (typed, written):
        matcher.match(Need(text))
    one, other = encoder.heard
    assert one == other
