"""Parts of a long list, by key: what follows or precedes a row. The thousandth part costs what the first one
does, and a row added meanwhile neither repeats nor hides another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import db

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """The part after or before the row of this identifier; the first one without either."""

    after: int | None = None
    before: int | None = None


FIRST = Asked()


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """Some items of a list of `total`. `previous` and `next` name the rows that the neighbouring parts
    precede and follow; None where there is no such part."""

    items: Sequence[Item]
    total: int
    previous: int | None = None
    next: int | None = None


def part_of(
    query: "sa.Select[*tuple[Any, ...]]",
    *by: InstrumentedAttribute[Any],
    asked: Asked = FIRST,
    size: int,
    descending: bool = False,
) -> Part[Any]:
    """The part asked of the rows of `query`, in the order of `by`, whose last column identifies the first
    entity; a row of several columns stays a row. The first part where the row asked about is no more."""
    counted = query.with_only_columns(sa.literal(1), maintain_column_froms=True).order_by(None).subquery()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    backwards = asked.after is None and asked.before is not None
    start = _key_of(by, asked.before if backwards else asked.after)
    if start is None and asked != FIRST:
        return part_of(query, *by, asked=FIRST, size=size, descending=descending)
    rows = _rows(query, by, start, size + 1, falling=descending != backwards)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Part((), total) if start is None else part_of(query, *by, size=size, descending=descending)
    first, last = rows[0][0].id, rows[-1][0].id
    before = more if backwards else start is not None
    after = backwards or more
    items = [row[0] for row in rows] if len(rows[0]) == 1 else rows
    return Part(items, total, first if before else None, last if after else None)


def _key_of(by: Sequence[InstrumentedAttribute[Any]], row_id: int | None) -> tuple[Any, ...] | None:
    if row_id is None:
        return None
    found = db.session.execute(sa.select(*by).where(by[-1] == row_id)).one_or_none()
    return tuple(found) if found is not None else None


def _rows(
    query: "sa.Select[*tuple[Any, ...]]",
    by: Sequence[InstrumentedAttribute[Any]],
    start: tuple[Any, ...] | None,
    limit: int,
    *,
    falling: bool,
) -> list[Any]:
    if start is not None:
        here = sa.tuple_(*by)
        there = sa.tuple_(*(sa.literal(value, key.type) for key, value in zip(by, start, strict=True)))
        query = query.where(here < there if falling else here > there)
    order = [column.desc() if falling else column.asc() for column in by]
    return list(db.session.execute(query.order_by(None).order_by(*order).limit(limit)))
