"""What an offer's vector is made of, and hubness."""

from __future__ import annotations

import numpy as np

from matching.retrieval.encoder import PURPOSE, encode_offers, text_hash
from matching.retrieval.text import OfferText, offer_texts
from matching.retrieval.vectors import LANDMARKS, choose_landmarks, hubness, unit
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import make_offer


def test_the_purpose_of_an_offer_leaves_its_name_out() -> None:
    [whole] = offer_texts(make_offer(1, "Nextcloud", "Nextcloud : partage de fichiers"))
    assert whole == OfferText("Nextcloud : partage de fichiers", "partage de fichiers")
    assert offer_texts(make_offer(1, "Git", "Gitanes"))[0].purpose == "Gitanes"
    assert offer_texts(make_offer(1, "Git", ""))[0].purpose == "Git"


def test_a_whole_offer_is_drawn_towards_its_purpose() -> None:
    encoder = HashingEncoder()
    row = encode_offers(encoder, [OfferText("Nextcloud. Partage", "Partage"), OfferText("Partage")])
    document = encoder.encode_documents(["Nextcloud. Partage"])[0]
    need = encoder.encode_queries(["Partage"])[0]
    np.testing.assert_allclose(row[0], unit(document + PURPOSE * need), atol=1e-6)
    np.testing.assert_allclose(row[1], need, atol=1e-6)
    assert encode_offers(encoder, []).shape == (0, encoder.dimension)


def test_a_new_purpose_is_a_new_text() -> None:
    assert text_hash(OfferText("a")) == text_hash("a")
    assert text_hash(OfferText("a", "b")) != text_hash(OfferText("a"))


def test_hubness_is_the_mean_similarity_to_the_nearest_but_itself() -> None:
    rows = unit(np.random.default_rng(1).normal(size=(40, 8)).astype(np.float32))
    similarities = np.sort(rows @ rows.T, axis=1)
    np.testing.assert_allclose(hubness(rows, rows), similarities[:, -11:-1].mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(
        hubness(rows[:3], rows[:3]), [0.5 * (s.sum() - 1) for s in rows[:3] @ rows[:3].T], atol=1e-6
    )
    assert hubness(rows[:1], rows[:1]).tolist() == [0.0]


def test_landmarks_are_bounded_and_spread() -> None:
    rows = np.arange(2_500, dtype=np.float32)[:, None]
    landmarks = choose_landmarks(rows)
    assert len(landmarks) <= LANDMARKS
    assert landmarks[-1, 0] > 2_400
    assert len(choose_landmarks(rows[:7])) == 7
