"""Folded columns follow their sources, on both databases."""

import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Organisation
from app.core.db import db
from app.core.folded import LONGEST_KEY, matching_words
from tests.factories import make_vendor


def _found(text: str) -> list[str]:
    query = sa.select(Organisation.name).where(*matching_words(Organisation.search_text, text))
    return list(db.session.scalars(query.order_by(Organisation.name_key, Organisation.id)))


def test_a_name_is_found_and_sorted_without_its_accents(app: Flask) -> None:
    for name in ("Zinc", "Écume Numérique", "Ébène", "ecrin", "Œuf & Cie", "Ode"):
        make_vendor(name=name)
    assert _found("") == ["Ébène", "ecrin", "Écume Numérique", "Ode", "Œuf & Cie", "Zinc"]
    assert _found("ECUME numerique") == _found("écume") == ["Écume Numérique"]
    assert _found("oeuf") == _found("œuf") == ["Œuf & Cie"]
    assert _found("!!!") == []


def test_signs_of_a_pattern_are_letters_like_others(app: Flask) -> None:
    make_vendor(name="Cent pour cent")
    assert _found("%") == _found("_") == []


def test_a_folded_column_follows_its_sources(app: Flask) -> None:
    vendor = make_vendor(name="Avant", city="Besançon")
    vendor.name = "Après"
    db.session.flush()
    assert (vendor.name_key, vendor.search_text) == ("apres", "apres besancon")
    vendor.name_key = "faux"
    db.session.flush()
    db.session.refresh(vendor)
    assert vendor.name_key == "apres"


def test_a_key_stays_within_what_an_index_takes(app: Flask) -> None:
    vendor = make_vendor(name="œ" * 300)
    assert vendor.name_key == ("oe" * 300)[:LONGEST_KEY]


def test_saving_a_row_unchanged_writes_nothing(app: Flask) -> None:
    vendor = make_vendor(name="Stable")
    db.session.commit()
    before = vendor.version
    vendor.name = "Stable"
    db.session.commit()
    assert vendor.version == before
