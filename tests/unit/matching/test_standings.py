"""Many needs at once stand exactly where each would, asked alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.criteria.types import Level, Requirement
from matching.retrieval.matcher import Matcher
from matching.retrieval.standings import Lists
from matching.retrieval.types import Need, Offer
from matching.retrieval.vectors import unit
from tests.benchmarks.matching_load import CRITERIA, DIMENSION, random_offers, random_rows
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import DECLARED, VERIFIED, make_matcher, make_offer
from tests.unit.matching.test_matcher_properties import KEYS, levels, offers, texts

DEPTHS = {"market": 20, "mutualised": 6}
asked_of = st.lists(st.builds(Requirement, st.sampled_from(KEYS), levels), max_size=2).map(tuple)


def alone(matcher: Matcher, need: Need, vector: np.ndarray | None = None) -> dict[str, Lists]:
    """The same from `match`, one kind after the other; cells are compared apart."""
    found = {}
    for kind, k in DEPTHS.items():
        result = matcher.match(need, k, kinds=[kind], query_vector=vector)
        first = tuple((match.offer_id, ()) for match in result.matches)
        found[kind] = Lists(
            first,
            tuple((miss.offer_id, ()) for miss in result.near_misses),
            tuple((one.offer_id, ()) for one in result.kept_out),
        )
    return found


def without_cells(lists: dict[str, Lists]) -> dict[str, Lists]:
    return {
        kind: Lists(
            *(
                tuple((offer_id, ()) for offer_id, _cells in part)
                for part in (both.first, both.near, both.kept_out)
            )
        )
        for kind, both in lists.items()
    }


@settings(max_examples=60, deadline=None)
@given(held=offers(), words=st.lists(texts, min_size=1, max_size=4), asked=asked_of)
def test_each_need_stands_where_it_would_alone(
    held: list[Offer], words: list[str], asked: tuple[Requirement, ...]
) -> None:
    matcher = make_matcher(held)
    needs = {number: Need(text, requirements=asked) for number, text in enumerate(words)}
    rows = matcher._encoder.encode_queries(words)
    vectors = {number: rows[number] for number in needs}
    found = dict(matcher.standings(needs, DEPTHS, vectors))
    assert {number: without_cells(lists) for number, lists in found.items()} == {
        number: alone(matcher, need, vectors[number]) for number, need in needs.items()
    }


def test_among_many_offers_the_few_compared_exactly_are_enough() -> None:
    matcher, held = Matcher(HashingEncoder(DIMENSION), CRITERIA), random_offers(3_000)
    rows = random_rows(3_000)
    rows[1::2] = rows[::2]  # every vector twice: ties everywhere
    matcher.upsert(held, {offer.id: rows[place : place + 1] for place, offer in enumerate(held)})
    asked = unit(rows[:300] + np.float32(0.01))
    required = ((), (Requirement("sme", Level.VERIFIED),), (Requirement("secnumcloud"), Requirement("sme")))
    needs = {n: Need("", f"mot{n} mot{n + 50}", requirements=required[n % 3]) for n in range(300)}
    vectors = {number: asked[number].reshape(DIMENSION) for number in needs}
    found = dict(matcher.standings(needs, DEPTHS, vectors))
    assert list(found) == list(needs)
    for number in range(0, 300, 23):
        assert without_cells(found[number]) == alone(matcher, needs[number], vectors[number])


def test_without_offers_lists_are_empty_and_without_words_there_are_none() -> None:
    matcher = make_matcher([])
    vector = np.ones(matcher._encoder.dimension, np.float32)
    needs = {1: Need("Messagerie"), 2: Need("…")}
    found = dict(matcher.standings(needs, DEPTHS, {1: vector, 2: vector}))
    assert found == {1: {kind: Lists((), (), ()) for kind in DEPTHS}}


def test_cells_tell_how_each_requirement_is_answered() -> None:
    held = [make_offer(1, "A", sme=VERIFIED), make_offer(2, "B", sme=DECLARED), make_offer(3, "C")]
    matcher = make_matcher(held)
    needs = {1: Need("A B C", requirements=(Requirement("sme", Level.VERIFIED),))}
    vectors = {1: np.ones(matcher._encoder.dimension, np.float32)}
    ((_number, lists),) = matcher.standings(needs, {"market": 5}, vectors)
    assert lists["market"].first == ((1, (2,)),)
    assert dict(lists["market"].near) == {2: (1,), 3: (0,)}
