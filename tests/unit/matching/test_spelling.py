"""A need typed without its accents is encoded as if it had them."""

import pytest

from matching.retrieval.spelling import Spelling

OFFERS = "Cybersécurité et accessibilité des marchés : la marche à suivre, sécurisée ; mise en œuvre, PRÉFET"


@pytest.fixture
def spelling() -> Spelling:
    found = Spelling()
    found.note(OFFERS)
    return found


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("cybersecurite", "cybersécurité"),
        ("Cybersecurite et accessibilite", "Cybersécurité et accessibilité"),
        ("cyberse\u0301curite\u0301", "cybersécurité"),
        ("cybersecurité", "cybersécurité"),
        ("prefet", "préfet"),
        ("mise en œuvre", "mise en oeuvre"),
        ("mise en oeuvre", "mise en oeuvre"),
        ("marche", "marche"),  # a word that offers write, though they also write « marchés »
        ("SECURISEE", "SECURISEE"),  # all in capitals, as acronyms are
        ("d’accessibilite, vite", "d’accessibilité, vite"),
        ("inconnu", "inconnu"),
        ("", ""),
    ],
)
def test_words_are_read_as_offers_write_them(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.restored(typed) == read
    assert spelling.restored(read) == read


def test_what_an_offer_writes_is_never_changed(spelling: Spelling) -> None:
    assert spelling.restored("Cybersécurité des marchés, sécurisée") == "Cybersécurité des marchés, sécurisée"
