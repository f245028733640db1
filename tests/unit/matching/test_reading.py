"""How a need is read: buyers' words, refusals, boilerplate, functions; and what its answer is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.retrieval.fit import best_fit, calibration, tempered
from matching.retrieval.glossary import Function, Glossary, Term
from matching.retrieval.reading import is_administrative, read, without_refusals
from matching.retrieval.text import is_blank
from matching.retrieval.types import Fit, TermKind

GLOSSARY = Glossary(
    (
        Function("video", "visioconférence", ("visio", "réunion à distance")),
        Function("hris", "système d’information des ressources humaines"),
        Function("files", "partage de fichiers"),
        Function("signature", "signature électronique"),
    ),
    (
        Term("SIRH", TermKind.ACRONYM, "système d’information des ressources humaines", "hris"),
        Term("Teams", TermKind.PRODUCT, "visioconférence", "video"),
    ),
)


@pytest.mark.parametrize("text", ["SIRH", "sirh", "S.I.R.H."])
def test_an_acronym_is_read_whatever_its_writing(text: str) -> None:
    reading = read(text, "fr", GLOSSARY)
    assert reading.functions == ("hris",)
    assert [expansion.reading for expansion in reading.expansions] == [GLOSSARY.terms[0].reading]
    assert "sirh" in reading.stems


def test_a_product_gives_way_to_what_it_does() -> None:
    reading = read("remplacer Teams", "fr", GLOSSARY)
    assert reading.text == "remplacer visioconférence"
    assert reading.functions == ("video",)
    assert not {"team", "teams"} & set(reading.stems)


def test_a_product_s_name_in_small_letters_is_a_word_in_a_sentence() -> None:
    said = "Our teams need a place to keep the many documents they write together every day of the week"
    assert read(said, "en", GLOSSARY).expansions == ()


def test_several_functions_are_recognised_in_their_order() -> None:
    text = "visio et partage de fichiers et signature électronique"
    assert read(text, "fr", GLOSSARY).functions == ("video", "files", "signature")


@pytest.mark.parametrize(
    ("text", "kept", "excluded"),
    [
        ("visio sans hébergement hors UE", "visio", ["sans hébergement hors UE"]),
        ("bureautique, pas de Microsoft", "bureautique", ["pas de Microsoft"]),
        ("standard, hors téléphonie mobile", "standard", ["hors téléphonie mobile"]),
        ("relances sans cesse", "relances sans cesse", []),
        ("pas de Microsoft", "pas de Microsoft", []),
    ],
)
def test_what_a_need_says_no_to_leaves_the_query(text: str, kept: str, excluded: list[str]) -> None:
    assert without_refusals(text) == (kept, excluded)


def test_boilerplate_is_set_aside_and_can_be_put_back() -> None:
    clause = "Le titulaire remet son acte d’engagement au pouvoir adjudicateur dans le délai prévu au CCAP. "
    text = clause * 60 + "Nous cherchons une visioconférence pour les audiences. " + clause * 60
    assert is_administrative(clause)
    reading = read(text, "fr", GLOSSARY)
    assert reading.text == "Nous cherchons une visioconférence pour les audiences."
    assert len(reading.set_aside) == 120
    assert read(text, "fr", GLOSSARY, whole=True).set_aside == ()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    reading = read(text, "fr", GLOSSARY)
    assert is_blank(reading.text) <= is_blank(text)


def test_the_fit_of_an_answer_is_that_of_its_best_offer() -> None:
    assert best_fit([]) is Fit.NOTHING
    assert best_fit([Fit.WEAK, Fit.WEAK]) is Fit.NOTHING
    assert best_fit([Fit.WEAK, Fit.POSSIBLE]) is Fit.POSSIBLE
    assert best_fit([Fit.POSSIBLE, Fit.STRONG]) is Fit.STRONG


def test_an_offer_far_behind_the_best_is_no_strong_answer() -> None:
    assert tempered(Fit.STRONG, 0.6) is Fit.STRONG
    assert tempered(Fit.STRONG, 0.59) is Fit.POSSIBLE
    assert tempered(Fit.POSSIBLE, 0.35) is Fit.POSSIBLE
    assert tempered(Fit.STRONG, 0.34) is Fit.WEAK


def test_a_probability_says_its_fit_from_each_threshold_on() -> None:
    told = calibration("another encoder")
    assert told.subject_of(GLOSSARY) == 0.0  # type: ignore[arg-type]  # no reading of the subject: not looked at
    assert told.fit(told.strong) is Fit.STRONG
    assert told.fit(told.strong - 1e-9) is Fit.POSSIBLE
    assert told.fit(told.possible) is Fit.POSSIBLE
    assert told.fit(told.possible - 1e-9) is Fit.WEAK
    assert told.probability({"lexical": 1.0}) > told.probability({})
