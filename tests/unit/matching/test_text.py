"""Passages, stems, languages."""

from __future__ import annotations

import pytest

from matching.retrieval.stems import detect_language, tokens
from matching.retrieval.text import (
    MAX_WINDOWS,
    WHOLE_LIMIT_CHARS,
    WINDOW_CHARS,
    join_parts,
    passages,
)
from tests.unit.matching.factories import make_offer


def test_short_offer_is_one_passage() -> None:
    assert passages(make_offer(1, "7-Zip", "Compression de fichiers")) == ["7-Zip. Compression de fichiers"]


def test_name_repeated_by_the_description_is_written_once() -> None:
    assert join_parts("7zip", "", "7zip. Compression.") == "7zip. Compression."


def test_long_offer_has_bounded_windows_that_quote_it() -> None:
    text = " ".join(f"La phrase {i} décrit une fonction du logiciel." for i in range(4_000))
    whole, *windows = passages(make_offer(1, "Long", text))
    assert len(whole) == WHOLE_LIMIT_CHARS
    assert len(windows) == MAX_WINDOWS
    assert all(len(window) <= WINDOW_CHARS + 1 and window in text for window in windows)


@pytest.mark.parametrize("text", ["", "mot" * 40_000, "😀" * 600, "a " * 50_000])
def test_odd_offer_still_has_passages(text: str) -> None:
    assert 1 <= len(passages(make_offer(1, "Nom", text))) <= 1 + MAX_WINDOWS


def test_stems_join_forms_of_a_word_and_drop_empty_ones() -> None:
    assert tokens("les messageries de l’État") == tokens("Messagerie État")
    assert tokens("the archives of documents", "en") == tokens("archive document", "en")


def test_language_is_told_by_empty_words() -> None:
    assert detect_language("Un outil pour les agents de l’État") == "fr"
    assert detect_language("A tool for the staff of the agency") == "en"
    assert detect_language("Kubernetes") == "fr"
