"""Lists by key: every row once, in order, both ways, at the same cost."""

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Organisation
from app.core.db import db
from app.core.paging import FIRST, Asked, Part, part_of
from tests.factories import make_vendor
from tests.query_counts import counted_queries


def _part(asked: Asked = FIRST, size: int = 3, *, descending: bool = False) -> Part[Organisation]:
    query = sa.select(Organisation)
    by = (Organisation.name_key, Organisation.id)
    return part_of(query, *by, asked=asked, size=size, descending=descending)


def _forwards(size: int, *, descending: bool) -> list[list[int]]:
    parts, part = [], _part(size=size, descending=descending)
    while True:
        parts.append([row.id for row in part.items])
        if part.next is None:
            return parts
        part = _part(Asked(after=part.next), size, descending=descending)


def _backwards(last: list[int], size: int, *, descending: bool) -> list[list[int]]:
    parts, part = [last], _part(Asked(before=last[0]), size, descending=descending) if last else None
    while part and part.items:
        parts.insert(0, [row.id for row in part.items])
        if part.previous is None:
            break
        part = _part(Asked(before=part.previous), size, descending=descending)
    return parts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    names=st.lists(st.sampled_from(["Écho", "echo", "Alpha", "Zoé", "œuvre"]), max_size=9),
    size=st.integers(1, 4),
    descending=st.booleans(),
)
def test_parts_hold_every_row_once(app: Flask, names: list[str], size: int, descending: bool) -> None:
    db.session.execute(sa.delete(Organisation))
    rows = sorted((vendor.name_key, vendor.id) for vendor in (make_vendor(name=name) for name in names))
    expected = [row_id for _key, row_id in (rows[::-1] if descending else rows)]
    parts = _forwards(size, descending=descending)
    assert [row_id for part in parts for row_id in part] == expected
    assert all(len(part) == size for part in parts[:-1])
    if len(parts) == 1:
        return
    before = _backwards(parts[-1], size, descending=descending)
    assert [row_id for part in before for row_id in part] == expected


def test_links_are_there_only_where_they_lead(app: Flask) -> None:
    made = [make_vendor(name=name).id for name in ("A", "B", "C", "D")]
    assert (_part().previous, _part().next) == (None, made[2])
    second = _part(Asked(after=made[2]))
    assert ([row.id for row in second.items], second.previous, second.next) == ([made[3]], made[3], None)
    first = _part(Asked(before=made[3]))
    assert ([row.id for row in first.items], first.previous, first.next) == (made[:3], None, made[2])
    assert _part(size=4).next is None


def test_a_row_added_meanwhile_neither_repeats_nor_hides_another(app: Flask) -> None:
    made = [make_vendor(name=name).id for name in ("B", "D", "F", "H")]
    first = _part(size=2)
    make_vendor(name="A")
    second = _part(Asked(after=first.next), size=2)
    assert [row.id for row in [*first.items, *second.items]] == made


@pytest.mark.parametrize("asked", [Asked(after=987), Asked(before=987), Asked(after=2**31 - 1)])
def test_a_row_that_is_no_more_gives_the_first_part(app: Flask, asked: Asked) -> None:
    made = [make_vendor(name=name).id for name in ("A", "B")]
    assert [row.id for row in _part(asked).items] == made


def test_every_part_costs_the_same(app: Flask) -> None:
    made = [make_vendor(name=f"V{number:02d}").id for number in range(9)]
    costs = []
    for asked in (Asked(after=made[0]), Asked(after=made[6]), Asked(before=made[8])):
        with counted_queries() as statements:
            _part(asked)
        costs.append(len(statements))
    assert costs == [3, 3, 3]
