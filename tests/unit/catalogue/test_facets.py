"""Facets: what one option would leave, group by group, without a database."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from app.catalogue.queries import Choice, Entry, select_entries
from app.offers.enums import OfferKind


def entry(number: int, **values: Any) -> Entry:
    defaults: dict[str, Any] = {
        "name_key": f"offre {number}",
        "kind": OfferKind.MARKET,
        "country": "FR",
        "licence": "",
        "published_at": datetime(2026, 1, number, tzinfo=UTC),
        "divisions": frozenset({"48"}),
        "declared": frozenset(),
        "verified": frozenset(),
    }
    return Entry(id=number, **defaults | values)


CATALOGUE = [
    entry(1, declared=frozenset({"sme", "open_source"}), verified=frozenset({"sme"})),
    entry(2, country="DE", declared=frozenset({"open_source"}), licence="MIT"),
    entry(3, kind=OfferKind.MUTUALISED, divisions=frozenset({"48", "72"})),
]


def test_counts_of_a_group_ignore_its_own_choice() -> None:
    selection = select_entries(CATALOGUE, Choice(countries=frozenset({"DE"})))
    assert selection.ids == [2]
    assert selection.counts["countries"] == Counter({"FR": 2, "DE": 1})
    assert selection.counts["kinds"] == Counter({"market": 1})
    assert selection.counts["licences"] == Counter({"MIT": 1})


def test_counts_of_criteria_say_what_adding_one_leaves() -> None:
    selection = select_entries(CATALOGUE, Choice(declared=frozenset({"sme"})))
    assert selection.ids == [1]
    assert selection.counts["declared"] == Counter({"sme": 1, "open_source": 1})


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), [3, 1, 2]),
        (Choice(declared=frozenset({"open_source"})), [1, 2]),
        (Choice(declared=frozenset({"open_source", "sme"})), [1]),
        (Choice(verified=frozenset({"open_source"})), []),
        (Choice(divisions=frozenset({"72", "30"})), [3]),
        (Choice(kinds=frozenset({"market", "mutualised"}), sort="recent"), [3, 2, 1]),
        (Choice(sort="nom"), [1, 2, 3]),
    ],
)
def test_selection_combines_groups(choice: Choice, expected: list[int]) -> None:
    assert select_entries(CATALOGUE, choice).ids == expected


def test_selection_follows_the_search() -> None:
    selection = select_entries(CATALOGUE, Choice(), {2: 0, 3: 1})
    assert selection.ids == [2, 3]
    assert selection.counts["countries"] == Counter({"DE": 1, "FR": 1})
