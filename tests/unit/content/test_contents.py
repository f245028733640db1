"""Contents as values: comparing and merging them loses nothing."""

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.content.spec import (
    Day,
    Field,
    Flag,
    Levels,
    LongText,
    Many,
    Number,
    Spec,
    changes,
    compare_words,
    merge,
)
from app.content.spec.specs import Content

FIELDS = (
    Field("name", "Nom"),
    LongText("text", "Texte"),
    Number("count", "Nombre"),
    Day("day", "Jour"),
    Flag("yes", "Oui"),
    Many("codes", "Codes"),
    Levels("levels", "Niveaux"),
)
SPEC: Spec[Any] = Spec(fields=FIELDS, versions=object, drafts=object, write=lambda _thing, _values: None)  # type: ignore[arg-type]  # no table is read here
VALUES = {
    "name": st.text(max_size=5),
    "text": st.text(alphabet="ab \n", max_size=12),
    "count": st.none() | st.integers(0, 9),
    "day": st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    "yes": st.booleans(),
    "codes": st.lists(st.sampled_from("abcd"), max_size=4),
    "levels": st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["declared", "verified"])),
}
CONTENTS = st.fixed_dictionaries(VALUES).map(SPEC.dump)
ATOMIC = ("name", "text", "count", "day", "yes")


def with_changes(base: Content, other: Content, names: set[str]) -> Content:
    return {name: other[name] if name in names else value for name, value in base.items()}


@given(base=CONTENTS, theirs=CONTENTS, mine=CONTENTS, names=st.sets(st.sampled_from(list(VALUES))))
def test_disjoint_changes_are_both_kept(
    base: Content, theirs: Content, mine: Content, names: set[str]
) -> None:
    rest = set(VALUES) - names
    one, other = with_changes(base, theirs, names), with_changes(base, mine, rest)
    found = merge(SPEC, base, one, other)
    assert found.content == with_changes(one, mine, rest)
    assert found.contested == ()


@given(base=CONTENTS, theirs=CONTENTS, mine=CONTENTS)
def test_a_merge_loses_no_field_and_says_what_it_did(base: Content, theirs: Content, mine: Content) -> None:
    found = merge(SPEC, base, theirs, mine)
    assert list(found.content) == list(VALUES)
    for name in ATOMIC:
        values = base[name], theirs[name], mine[name]
        contested = len(set(values)) == 3
        assert (name in found.contested) == contested
        if contested:
            assert found.content[name] == mine[name]
        else:
            assert found.content[name] == (theirs[name] if mine[name] == base[name] else mine[name])
        assert (name in found.theirs_only) == (mine[name] == base[name] != theirs[name])
        assert (name in found.mine_only) == (theirs[name] == base[name] != mine[name])
    told = (*found.contested, *found.theirs_only, *found.mine_only, *found.joined)
    assert sorted(told) == sorted(name for name in VALUES if theirs[name] != mine[name])


@given(base=CONTENTS, theirs=CONTENTS, mine=CONTENTS)
def test_sets_and_criteria_merge_key_by_key(base: Content, theirs: Content, mine: Content) -> None:
    found = merge(SPEC, base, theirs, mine).content
    for code in "abcd":
        was, one, other = (code in side["codes"] for side in (base, theirs, mine))
        assert (code in found["codes"]) == (one if other == was else other)
        before, first, second = (side["levels"].get(code) for side in (base, theirs, mine))
        assert found["levels"].get(code) == (first if second == before else second)


@given(base=CONTENTS, theirs=CONTENTS, mine=CONTENTS)
def test_without_contest_the_order_of_the_two_does_not_matter(
    base: Content, theirs: Content, mine: Content
) -> None:
    found, mirrored = merge(SPEC, base, theirs, mine), merge(SPEC, base, mine, theirs)
    assert (found.contested, found.joined) == (mirrored.contested, mirrored.joined)
    assert (found.theirs_only, found.mine_only) == (mirrored.mine_only, mirrored.theirs_only)
    for name in set(VALUES) - set(found.contested):
        assert found.content[name] == mirrored.content[name]


@given(old=CONTENTS, new=CONTENTS)
def test_differences_are_the_fields_that_differ(old: Content, new: Content) -> None:
    found = changes(SPEC, old, new)
    assert [change.name for change in found] == [name for name in VALUES if old[name] != new[name]]
    assert [(change.after, change.before) for change in changes(SPEC, new, old)] == [
        (change.before, change.after) for change in found
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_words_of_both_texts_can_be_read_back(before: str, after: str) -> None:
    runs = compare_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)


def test_very_long_texts_are_compared_line_by_line() -> None:
    lines = [f"mot{number} suite\n" for number in range(2001)]
    before, after = "".join(lines), "".join([*lines[:1000], "une ligne de plus\n", *lines[1000:]])
    assert [run.kind for run in compare_words(before, after)] == ["same", "added", "same"]


@pytest.mark.parametrize(
    ("words", "kinds"), [(4000, ["removed", "added", "same"]), (4001, ["removed", "added"])]
)
def test_beyond_four_thousand_words_one_line_is_one_piece(words: int, kinds: list[str]) -> None:
    rest = " ".join(f"mot{number}" for number in range(1, words))
    assert [run.kind for run in compare_words(f"avant {rest}", f"après {rest}")] == kinds


def test_words_that_come_again_and_again_are_compared_too() -> None:
    often = "de " * 300
    assert [run.kind for run in compare_words(f"{often}un", f"{often}deux")] == ["same", "removed", "added"]


@given(CONTENTS)
def test_a_content_survives_its_columns(content: Content) -> None:
    assert SPEC.dump(SPEC.load(content)) == content
    assert SPEC.known(content) == content


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists))
@example(junk=False)  # a number to Python, not to a reader
def test_a_strangers_text_is_brought_into_shape(junk: object) -> None:
    content = SPEC.known(dict.fromkeys(VALUES, junk))
    assert list(content) == list(VALUES)
    merge(SPEC, content, content, content)
    changes(SPEC, content, SPEC.dump({}))
    assert SPEC.known(junk) == SPEC.dump({}) or isinstance(junk, dict)


def test_fields_are_shown_as_a_reader_says_them() -> None:
    content = SPEC.dump({"codes": ["b", "a", "b"], "levels": {"b": "declared"}, "text": " a\r\nb "})
    assert (content["codes"], content["text"], content["count"], content["day"]) == (
        ["a", "b"],
        "a\nb",
        None,
        None,
    )
    assert [field.show(content[field.name]) for field in FIELDS[:2]] == ["", "a\nb"]
