"""Words and stems: whatever the writing, the same ones on both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.folding import fold
from matching.retrieval.stems import detect_language, tokens, written_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cybersecurite", "cybersécurité"),
        ("cyber-sécurité", "cyber\u00adsécurité"),
        ("mise en œuvre", "mise en oeuvre"),
        ("Wi-Fi", "wifi"),
        ("S.I.R.H.", "SIRH"),
        ("G.E.D.", "ged"),
        ("l’archivage d’e-mails", "l'archivage d'emails"),
        ("open source", "opensource"),
        ("open-source", "opensource"),
        ("back-office", "backoffice"),
        ("proces-verbal", "procès-verbal"),
        ("co-édition", "coedition"),
        ("INSTANTANÉE", "instantanee"),
    ],
)
def test_two_writings_have_the_same_stems(one: str, other: str) -> None:
    assert tokens(one) == tokens(other) != []


@pytest.mark.parametrize("word", ["C++", "C#", "R&D"])
def test_signs_that_make_a_word_stay(word: str) -> None:
    assert tokens(f"développement {word}, suite") == [
        *tokens("développement"),
        word.lower(),
        *tokens("suite"),
    ]


@given(st.text(max_size=80))
def test_folding_before_changes_no_stem(text: str) -> None:
    assert tokens(fold(text)) == tokens(text)


def test_words_are_quoted_as_written() -> None:
    assert written_words("L’archivage S.I.R.H.", "fr")["sirh"] == "S.I.R.H"
    assert written_words("l’archivage", "fr")[tokens("archivage")[0]] == "archivage"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("stockage objet compatible S3, 200 To", "fr"),
        ("e-mail hosting", "en"),
        ("hosting for the town hall", "en"),
        ("SIRH", "fr"),
        ("on a besoin d’une visio", "fr"),
    ],
)
def test_units_and_shared_words_tell_no_language(text: str, language: str) -> None:
    assert detect_language(text) == language
