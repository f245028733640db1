"""The k best through an index are those of a full scan, whatever the index, the filter and the weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.retrieval import candidates
from matching.retrieval.candidates import best_rows
from matching.retrieval.index import FaissIndex, NumpyIndex
from matching.retrieval.matcher import Matcher
from matching.retrieval.moments import Moments
from matching.retrieval.ranking import FusionSettings, Question, ask, top_rows
from matching.retrieval.snapshot import (
    Snapshot,
    _first_rows,
    _with_hubness,
    empty_snapshot,
    next_snapshot,
    store,
)
from matching.retrieval.types import Need, Vectors
from matching.retrieval.vectors import unit
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import CRITERIA, make_matcher, make_offer

DIMENSION = 32
WORDS = [f"mot{rank}" for rank in range(40)]


def random_rows(count: int, seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32))


def random_snapshot(
    count: int, seed: int, index: type[NumpyIndex] | type[FaissIndex], widths: tuple[int, ...] = (DIMENSION,)
) -> Snapshot:
    """Offers of one to six words; one in ten repeats another's words and vector."""
    draw, rows = np.random.default_rng(seed), random_rows(count, seed)
    texts = [" ".join(draw.choice(WORDS, int(draw.integers(1, 7)))) for _ in range(count)]
    for twin in range(0, count - 1, 10):
        rows[twin + 1], texts[twin + 1] = rows[twin], texts[twin]
    matcher = Matcher(HashingEncoder(), CRITERIA)
    vocabulary = matcher._vocabulary  # the words of these offers only
    empty = empty_snapshot(len(CRITERIA), widths, vocabulary, index(DIMENSION + 1))
    offers = {
        i: store(matcher._table, vocabulary, make_offer(i, texts[i]), rows[i : i + 1]) for i in range(count)
    }
    return next_snapshot(empty, vocabulary, offers)


def scanned(question: Question, rows: Vectors) -> NDArray[np.float64]:
    """Every score from the definition: similarities, their mean and deviation by encoder, words."""
    scores = question.known.copy()
    for one in question.meanings.values():
        dense = rows.astype(np.float64) @ one.direction.astype(np.float64)
        scores += (dense - dense.mean()) / dense.std() * one.weight
    return scores


@pytest.fixture(autouse=True)
def no_shortcut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small bases take the long way too."""
    monkeypatch.setattr(candidates, "COMPARE_ALL_BELOW", 0)
    monkeypatch.setattr(candidates, "DEPTH", 3)


@pytest.mark.parametrize("index", [NumpyIndex, FaissIndex])
@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(4, 300),
    seed=st.integers(0, 10_000),
    share=st.sampled_from([0.01, 0.1, 0.5, 1.0]),
    k=st.integers(1, 30),
    lexical=st.sampled_from([0.0, 0.5, 6.0, 50.0]),
    asked=st.lists(st.sampled_from([*WORDS, "inconnu"]), max_size=8),
    widths=st.sampled_from([(DIMENSION,), (DIMENSION - 4, 4)]),
)
def test_best_rows_are_those_of_a_full_scan(
    index: type[NumpyIndex] | type[FaissIndex],
    count: int,
    seed: int,
    share: float,
    k: int,
    lexical: float,
    asked: list[str],
    widths: tuple[int, ...],
) -> None:
    snapshot = random_snapshot(count, seed, index, widths)
    vector = snapshot.space.place(random_rows(1, seed + 1))[0]
    question = ask(snapshot, vector, asked, "fr", FusionSettings(lexical=lexical))
    allowed = np.random.default_rng(seed).random(count) < share
    rows = rows_of(snapshot)
    scores = scanned(question, rows)
    expected = top_rows(scores, allowed, k)
    best = best_rows(question, allowed, k)
    np.testing.assert_allclose(best.scores, scores[best.rows], atol=1e-6)
    np.testing.assert_allclose(best.scores, scores[expected], atol=1e-6)
    clear = np.abs(scores[best.rows] - scores[expected]) > 2e-6
    assert not clear.any()
    assert best.rows.tolist() == top_rows(question.rank_all().scores, allowed, k).tolist()


def rows_of(snapshot: Snapshot) -> Vectors:
    """The rows the index was given, computed again."""
    placed = snapshot.space.place(_first_rows(snapshot.stored, DIMENSION))
    return _with_hubness(placed, snapshot.landmarks)


@settings(max_examples=60, deadline=None)
@given(count=st.integers(2, 200), gone=st.integers(0, 100), seed=st.integers(0, 1_000))
def test_moments_follow_changes(count: int, gone: int, seed: int) -> None:
    rows, vector = random_rows(count + gone, seed), random_rows(1, seed + 1)[0]
    moments = Moments.of(rows[: gone + 1]).changed(rows[:gone], rows[gone + 1 :])
    left = rows[gone:].astype(np.float64) @ vector.astype(np.float64)
    assert moments.along(vector) == pytest.approx((left.mean(), left.std()), abs=1e-9)


def test_nothing_varies_among_equal_rows() -> None:
    rows = np.repeat(random_rows(1, 0), 7, axis=0)
    assert Moments.of(rows).along(random_rows(1, 1)[0]) == (0.0, 1.0)
    assert Moments.of(rows[:1]).along(rows[0]) == (0.0, 1.0)


@pytest.mark.parametrize("index", [NumpyIndex, FaissIndex])
def test_few_vectors_are_compared(index: type[NumpyIndex], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "DEPTH", 100)
    snapshot = random_snapshot(4_000, 3, index)
    question = ask(snapshot, random_rows(1, 5)[0], ["mot3", "mot4"], "fr", FusionSettings())
    allowed = np.ones(4_000, np.bool_)
    assert len(candidates.candidates(question, allowed, 20)) < 800


@pytest.mark.parametrize("count", [3, 6, 12, 13, 40])
def test_equal_offers_keep_the_order_of_their_numbers(count: int) -> None:
    same = [make_offer(i, "Messagerie", "Messagerie sécurisée pour les agents.") for i in range(count)]
    result = make_matcher(same).match(Need("messagerie des agents"), count)
    assert [match.offer_id for match in result.matches] == list(range(count))
