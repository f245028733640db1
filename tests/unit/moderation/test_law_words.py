"""Every dated rule that the portal brings is named in words, its unit too."""

import pytest

from app.moderation.presenters.law import RULES, UNITS, rule_text, rule_value
from seed_data.reader import load

REFERENCES = {
    *("article", "circular_number", "count", "date", "decree_number", "law_number", "referential", "version"),
}


def test_every_rule_of_the_seed_is_named() -> None:
    keys = {parameter.key for parameter in load().legal_parameters}
    assert keys - set(RULES) == set()
    assert set(RULES) - keys == set(), "named, and brought by nobody"
    units = {parameter.unit for parameter in load().legal_parameters}
    assert units - set(UNITS) - REFERENCES == set()


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("100000", "EUR_HT", "100 000 € hors taxes"),
        ("60000-140000", "EUR_HT", "60 000 – 140 000 € hors taxes"),
        ("20", "percent", "20 %"),
        ("2024-449", "law_number", "2024-449"),
        ("R2124-3 1°", "article", "R2124-3 1°"),
        ("2026-02-05", "date", "2026-02-05"),
    ],
)
def test_a_value_is_shown_with_its_unit(value: str, unit: str, shown: str) -> None:
    assert rule_value(value, unit).replace("\N{NARROW NO-BREAK SPACE}", " ") == shown


def test_a_rule_nobody_has_named_shows_its_key() -> None:
    assert rule_text("new_rule") == "new_rule"
