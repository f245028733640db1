"""The rules of evidence, each written once: when a statement holds, which one decides, when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from matching.criteria.types import Fact, Facts

ONE_DAY = timedelta(days=1)


def is_within(first: Any, last: Any, day: date) -> Any:
    """Whether `day` lies in a period, both ends included. Takes dates, or the columns of a query."""
    return (first <= day) & (day <= last)


def has_ended(last: Any, day: date) -> Any:
    """Whether a period that ends with `last` is over on `day`. Takes a date, or the column of a query."""
    return last < day


def holds(fact: Fact, day: date) -> bool:
    """Whether a statement holds on `day`; a missing end leaves the period open."""
    return bool(is_within(fact.first or date.min, fact.last or date.max, day))


def deciding(facts: Iterable[Fact], day: date) -> Fact | None:
    """The statement that decides on `day`: of those that hold, the best established, then the newest."""
    return max(
        (fact for fact in facts if holds(fact, day)),
        key=lambda fact: (fact.level, fact.said_at, fact.number),
        default=None,
    )


def holding(facts: Facts, day: date) -> dict[str, Fact]:
    """Attribute -> the statement that decides on `day`; an attribute of which nothing holds is left out."""
    found = {attribute: deciding(several(said), day) for attribute, said in facts.items()}
    return {attribute: fact for attribute, fact in found.items() if fact is not None}


def several(said: Fact | Sequence[Fact]) -> Sequence[Fact]:
    """The statements about one attribute, as a sequence."""
    return (said,) if isinstance(said, Fact) else said


def change_days(facts: Mapping[str, Fact | Sequence[Fact]]) -> list[date]:
    """The days on which a statement begins to hold or no longer does, in order."""
    days = set()
    for said in facts.values():
        for fact in several(said):
            if fact.first is not None:
                days.add(fact.first)
            if fact.last is not None and fact.last != date.max:
                days.add(fact.last + ONE_DAY)
    return sorted(days)


def silence(facts: Sequence[Fact], day: date) -> str:
    """Why nothing is known of an attribute on `day`: `expired`, `not_yet` or `no_fact`, which is also what a
    statement comes to that holds and cannot be compared with what is asked."""
    if any(holds(fact, day) for fact in facts):
        return "no_fact"
    if any(has_ended(fact.last or date.max, day) for fact in facts):
        return "expired"
    return "not_yet" if facts else "no_fact"
