"""Facets: what one option would leave, group by group, counted from columns as one would count by hand."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.engine import Choice, Columns
from app.catalogue.engine.columns import EVERY_ONE, GROUPS, SINGLE
from app.catalogue.queries.rows import OfferRow

OPTIONS = {
    "kinds": ("market", "mutualised", "free_software"),
    "countries": ("DE", "FR"),
    "licences": ("", "EUPL-1.2", "MIT"),
    "divisions": ("30", "48", "72"),
    "declared": ("open_source", "sme"),
    "verified": ("open_source", "sme"),
}


def row(number: int, **values: Any) -> OfferRow:
    defaults: dict[str, Any] = {"kinds": "market", "countries": "FR", "licences": ""}
    held: dict[str, Any] = {"divisions": {"48"}, "declared": (), "verified": ()}
    return OfferRow(
        id=number,
        name_key=values.pop("name_key", f"offre {number}"),
        shelf=OPTIONS["kinds"].index(values.get("kinds", "market")) != 1,
        published_at=values.pop("published_at", float(number)),
        single={group: values.get(group, default) for group, default in defaults.items()},
        several={group: frozenset(values.get(group, default)) for group, default in held.items()},
    )


CATALOGUE = Columns.of(
    [
        row(2, countries="DE", declared={"open_source"}, licences="MIT"),
        row(1, declared={"sme", "open_source"}, verified={"sme"}),
        row(3, kinds="mutualised", divisions={"48", "72"}),
    ]
)


def test_counts_of_a_group_ignore_its_own_choice() -> None:
    selection = CATALOGUE.select(Choice(countries=frozenset({"DE"})))
    assert selection.ids.tolist() == [2]
    assert selection.counts["countries"] == Counter({"FR": 2, "DE": 1})
    assert selection.counts["kinds"] == Counter({"market": 1})
    assert selection.counts["licences"] == Counter({"MIT": 1})


def test_counts_of_criteria_say_what_adding_one_leaves() -> None:
    selection = CATALOGUE.select(Choice(declared=frozenset({"sme"})))
    assert selection.ids.tolist() == [1]
    assert selection.counts["declared"] == Counter({"sme": 1, "open_source": 1})


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), [3, 1, 2]),
        (Choice(declared=frozenset({"open_source"})), [1, 2]),
        (Choice(declared=frozenset({"open_source", "sme"})), [1]),
        (Choice(declared=frozenset({"open_source", "unheard_of"})), []),
        (Choice(verified=frozenset({"open_source"})), []),
        (Choice(divisions=frozenset({"72", "30"})), [3]),
        (Choice(kinds=frozenset({"market", "mutualised"}), sort="recent"), [3, 2, 1]),
        (Choice(sort="nom"), [1, 2, 3]),
    ],
)
def test_selection_combines_groups(choice: Choice, expected: list[int]) -> None:
    assert CATALOGUE.select(choice).ids.tolist() == expected


def test_selection_follows_the_search() -> None:
    selection = CATALOGUE.select(Choice(), [2, 3, 99])
    assert selection.ids.tolist() == [2, 3]
    assert selection.counts["countries"] == Counter({"DE": 1, "FR": 1})


def test_an_empty_catalogue_answers() -> None:
    selection = Columns.of([]).select(Choice(kinds=frozenset({"market"}), sort="recent"), [1])
    assert selection.ids.tolist() == []
    assert not any(selection.counts.values())


def by_hand(rows: Sequence[OfferRow], choice: Choice, found: Sequence[int] | None) -> tuple[list[int], Any]:
    """The same, one offer at a time."""

    def options(one: OfferRow, group: str) -> set[str]:
        return {one.single[group]} - {""} if group in SINGLE else set(one.several[group])

    def passes(one: OfferRow, group: str) -> bool:
        asked = choice.of(group)
        held = options(one, group)
        return not asked or (asked <= held if group in EVERY_ONE else bool(asked & held))

    known = [one for one in rows if found is None or one.id in found]
    counts = {}
    for group in GROUPS:
        tested = [name for name in GROUPS if name != group or group in EVERY_ONE]
        left = [one for one in known if all(passes(one, name) for name in tested)]
        counts[group] = Counter(name for one in left for name in options(one, group))
    kept = [one for one in known if all(passes(one, group) for group in GROUPS)]
    orders: dict[str, Any] = {
        "nom": lambda one: (one.name_key, one.id),
        "recent": lambda one: (-one.published_at, one.id),
        "": lambda one: found.index(one.id) if found is not None else (one.shelf, one.name_key, one.id),
    }
    return [one.id for one in sorted(kept, key=orders[choice.sort])], counts


def subsets(group: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([name for name in OPTIONS[group] if name] + ["unheard_of"]))


rows = st.lists(
    st.builds(
        row,
        st.integers(1, 40),
        name_key=st.sampled_from(["", "ecole", "ecrit", "zoo"]),
        published_at=st.sampled_from([1.0, 2.0, 3.5]),
        **{group: st.sampled_from(OPTIONS[group]) for group in SINGLE},
        **{
            group: st.frozensets(st.sampled_from(OPTIONS[group]))
            for group in ("divisions", "declared", "verified")
        },
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)
choices = st.builds(
    Choice, **{group: subsets(group) for group in GROUPS}, sort=st.sampled_from(["", "nom", "recent"])
)
searches = st.none() | st.lists(st.integers(1, 45), unique=True)


@given(rows, choices, searches)
def test_columns_answer_as_one_would_by_hand(
    held: list[OfferRow], choice: Choice, found: list[int] | None
) -> None:
    selection = Columns.of(held).select(choice, found)
    assert (selection.ids.tolist(), selection.counts) == by_hand(held, choice, found)


@given(rows, rows, choices, st.sets(st.integers(1, 40)))
def test_columns_follow_changes_as_if_made_anew(
    before: list[OfferRow], changed: list[OfferRow], choice: Choice, withdrawn: set[int]
) -> None:
    gone = withdrawn | {one.id for one in changed}
    after = [one for one in before if one.id not in gone] + changed
    selection = Columns.of(before).replaced(gone, changed).select(choice)
    assert (selection.ids.tolist(), selection.counts) == by_hand(after, choice, None)
