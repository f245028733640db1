"""The one normaliser: what people write differently is searched, sorted and addressed alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.slugs import slugify
from app.core.text import MOST_WORDS, cleaned, fold, search_key, search_text, search_words


@pytest.mark.parametrize(
    ("written", "also_written"),
    [
        ("Sûreté", "surete"),
        ("E\u0301quipe", "équipe"),
        ("œuvrer ex æquo", "OEUVRER EX AEQUO"),
        ("l’hébergement", "L'Hebergement"),
        ("télé\u00adphonie", "téléphonie"),
        ("50\u202f000\u00a0postes", "50 000  postes"),
        ("S.I.G. et G.M.A.O.", "SIG et gmao"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Straße", "STRASSE"),
        ("zéro\u200b-\u2011papier", "zero--papier"),
    ],
)
def test_two_writings_fold_alike(written: str, also_written: str) -> None:
    assert fold(written) == fold(also_written)


@pytest.mark.parametrize("kept", ["c++", "r&d", "v2.1.0", "a.b.example", "m. durand", "wi-fi"])
def test_what_is_no_acronym_keeps_its_signs(kept: str) -> None:
    assert fold(kept) == kept


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert search_key(search_key(text)) == search_key(text)


@given(st.text())
def test_a_composed_and_a_decomposed_text_have_one_key(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert search_key(composed) == search_key(decomposed)


@given(st.text(), st.text())
def test_the_words_of_a_part_are_found_in_the_whole(part: str, other: str) -> None:
    found = search_text(f"{part} {other}")
    assert all(word in found for word in search_words(part))


def test_a_compound_is_found_in_one_word_and_in_several() -> None:
    found = search_text("Borne Wi-Fi", "Saint-Étienne")
    assert found == "borne wi fi saint etienne wifi saintetienne"


def test_a_long_search_counts_its_first_words() -> None:
    assert search_words(" ".join(f"mot{n}" for n in range(2_000))) == [f"mot{n}" for n in range(MOST_WORDS)]


def test_names_sort_as_readers_of_french_expect() -> None:
    names = ["Zébu", "Écluse", "eclat", "Œillet", "Odyssée", "Étang", "L’Or", "Lama"]
    in_order = ["eclat", "Écluse", "Étang", "L’Or", "Lama", "Odyssée", "Œillet", "Zébu"]
    assert sorted(names, key=search_key) == in_order


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Cœur de cité", "coeur-de-cite"),
        ("L’écho", "l-echo"),
        ("L'écho", "l-echo"),
        ("Ægide S.A.", "aegide-sa"),
        ("Ελλάδα", "ellada"),
        ("!!!", "element"),
    ],
)
def test_a_slug_says_the_name(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_a_slug_is_always_an_address(text: str) -> None:
    slug = slugify(text)
    assert 0 < len(slug) <= 120
    assert slug.isascii()
    assert not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_what_is_not_seen_is_not_kept() -> None:
    assert cleaned(" \ufeffpre\u0301\u00advu\x00\x07\nici\t\u200b ") == "prévu\nici"
