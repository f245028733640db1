"""What must hold for any offers, needs and criteria, against a naive reference."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.criteria import UNDATED, holding
from matching.criteria.types import Fact, Level, Requirement
from matching.retrieval.encoder import encode_offers
from matching.retrieval.matcher import Matcher
from matching.retrieval.text import offer_texts
from matching.retrieval.types import Need, Offer
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import CRITERIA, make_matcher, make_offer

WORDS = [
    "messagerie",
    "archivage",
    "visioconférence",
    "documents",
    "agents",
    "sécurisée",
    "stockage",
    "agenda",
]
KEYS = [criterion.key for criterion in CRITERIA]
IMPLIED = {"eu_hosting": ["france_hosting"], "no_extraterritorial": ["secnumcloud"]}

levels = st.sampled_from(list(Level))
facts = st.dictionaries(st.sampled_from(KEYS), st.builds(Fact, st.booleans(), levels))
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
requirements = st.lists(st.builds(Requirement, st.sampled_from(KEYS), levels), max_size=4).map(tuple)


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    numbers = draw(st.lists(st.integers(1, 500), unique=True, min_size=1, max_size=25))
    return [make_offer(number, draw(texts), draw(texts), **draw(facts)) for number in numbers]


def meets(offer: Offer, requirement: Requirement) -> bool:
    """The rule, read aloud: the strongest statement decides, a refusal wins at equal strength."""
    known = holding(offer.facts, UNDATED)
    own = known.get(requirement.criterion)
    implied = [known.get(key) for key in IMPLIED.get(requirement.criterion, [])]
    strongest = max((fact.level for fact in implied if fact and fact.value), default=0)
    if own and own.value:
        strongest = max(strongest, own.level)
    if own and not own.value and own.level >= strongest:
        return False
    return strongest >= requirement.level


@settings(max_examples=80, deadline=None)
@given(offers=offers(), text=texts, asked=requirements, k=st.integers(1, 30))
def test_only_eligible_offers_and_as_many_as_there_are(
    offers: list[Offer], text: str, asked: tuple[Requirement, ...], k: int
) -> None:
    result = make_matcher(offers).match(Need(text, requirements=asked), k)
    eligible = {offer.id for offer in offers if all(meets(offer, requirement) for requirement in asked)}
    proposed = [match.offer_id for match in result.matches]
    assert set(proposed) <= eligible
    assert len(proposed) == min(k, len(eligible))
    assert (result.exclusions.eligible, result.exclusions.total) == (len(eligible), len(offers))
    asked_keys = {requirement.criterion for requirement in asked}
    strictest = [r for r in asked if all(r.level >= o.level for o in asked if o.criterion == r.criterion)]
    one_short = {
        offer.id
        for offer in offers
        if len({r.criterion for r in strictest if not meets(offer, r)} & asked_keys) == 1
    }
    assert {miss.offer_id for miss in result.near_misses} <= one_short
    assert len(result.near_misses) == min(10, len(one_short))


@settings(max_examples=40, deadline=None)
@given(offers=offers(), text=texts, asked=requirements)
def test_a_criterion_removes_offers_and_never_reorders_them(
    offers: list[Offer], text: str, asked: tuple[Requirement, ...]
) -> None:
    matcher = make_matcher(offers)
    everything = [match.offer_id for match in matcher.match(Need(text), 100).matches]
    filtered = [match.offer_id for match in matcher.match(Need(text, requirements=asked), 100).matches]
    assert filtered == [number for number in everything if number in set(filtered)]


@settings(max_examples=40, deadline=None)
@given(offers=offers(), text=texts, seed=st.integers(0, 1_000))
def test_order_does_not_depend_on_arrival(offers: list[Offer], text: str, seed: int) -> None:
    shuffled = [offers[i] for i in np.random.default_rng(seed).permutation(len(offers))]
    one_by_one = make_matcher([])
    encoder = HashingEncoder()
    for offer in shuffled:
        one_by_one.upsert([offer], {offer.id: encode_offers(encoder, offer_texts(offer))})
    need = Need(text)
    assert one_by_one.match(need).matches == make_matcher(offers).match(need).matches


@settings(max_examples=40, deadline=None)
@given(offers=offers(), text=texts)
def test_contributions_add_up_to_every_score(offers: list[Offer], text: str) -> None:
    for match in make_matcher(offers).match(Need(text), 100).matches:
        assert sum(part.contribution for part in match.contributions) == pytest.approx(match.score, abs=1e-6)
        for part in match.contributions:
            assert part.normalised * part.weight == pytest.approx(part.contribution, abs=1e-6)


def test_readers_are_never_disturbed_by_a_writer() -> None:
    offers = [make_offer(i, WORDS[i % 8], WORDS[(i * 3) % 8]) for i in range(1, 200)]
    encoder, matcher = HashingEncoder(), Matcher(HashingEncoder(), CRITERIA)
    vectors = {offer.id: encode_offers(encoder, offer_texts(offer)) for offer in offers}
    matcher.upsert(offers, vectors)
    failures: list[BaseException] = []

    def write() -> None:
        for _ in range(15):
            matcher.remove([offer.id for offer in offers[100:]])
            matcher.upsert(offers[100:], vectors)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        result = matcher.match(Need("messagerie sécurisée"), 500)
        if len(result.matches) not in (100, 199) or len(result.matches) != result.exclusions.total:
            failures.append(AssertionError(len(result.matches)))
        [served] = matcher.needs_for_offer(3, {1: Need("messagerie sécurisée")})
        if served.eligible not in (100, 199):
            failures.append(AssertionError(served.eligible))
    writer.join()
    assert failures == []


def scattered(count: int) -> list[Offer]:
    draw = np.random.default_rng(4)
    return [
        make_offer(i, " ".join(draw.choice(WORDS, 3)), " ".join(draw.choice(WORDS, 6))) for i in range(count)
    ]


def test_many_small_changes_end_as_a_fresh_build() -> None:
    offers, encoder = scattered(80), HashingEncoder()
    matcher = make_matcher([])
    for offer in offers:
        matcher.upsert([offer], {offer.id: encode_offers(encoder, offer_texts(offer))})
    need = Need("messagerie sécurisée pour agents")
    assert matcher.match(need, 80).matches == make_matcher(offers).match(need, 80).matches


def test_changes_in_a_large_base_give_the_scores_of_a_fresh_build_but_for_the_space() -> None:
    offers, encoder = scattered(2_300), HashingEncoder()
    matcher = make_matcher(offers[:2_290])
    matcher.upsert(offers[2_290:], {o.id: encode_offers(encoder, offer_texts(o)) for o in offers[2_290:]})
    matcher.remove([0, 1])
    fresh = make_matcher(offers[2:])
    need = Need("messagerie sécurisée pour agents")
    mine = {m.offer_id: m.score for m in matcher.match(need, 3_000).matches}
    theirs = {m.offer_id: m.score for m in fresh.match(need, 3_000).matches}
    assert mine.keys() == theirs.keys()
    assert max(abs(mine[key] - theirs[key]) for key in mine) < 0.15
