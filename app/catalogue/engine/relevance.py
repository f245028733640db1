"""What a search found, in the order a reader expects, and what filters leave of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.catalogue.engine.columns import EVERY_ONE, GROUPS, SINGLE, Choice, Columns

ANSWER_SHARE, EQUAL_SHARE = 0.6, 0.75
"""Of the best score: from the first on, an offer answers the same words, as the engine's strong fit has it;
from the second on, it answers them as well. Of 120 short queries, 0.6 leaves a right offer
first for 96, 0.75 for 109."""
Found = Sequence[tuple[int, float]]
"""Offers of a search with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Passed:
    """An offer that answers the words and not the filters: the (group, option) of each that it does not pass;
    an option is "" where any of those ticked would do."""

    offer_id: int
    lacking: tuple[tuple[str, str], ...]


def in_order(columns: Columns, found: Found) -> list[int]:
    """The circular's order among offers that answer equally well: the State's, the market, free software;
    then the others by score."""
    close = close_ones(found, EQUAL_SHARE)
    at = np.isin(columns.ids, np.array(close, np.int64))
    shelf = dict(zip(columns.ids[at].tolist(), columns.shelves[at].tolist(), strict=True))
    first = sorted((offer_id for offer_id in close if offer_id in shelf), key=shelf.__getitem__)
    return [*first, *(offer_id for offer_id, _score in found[len(close) :])]


def close_ones(found: Found, share: float = ANSWER_SHARE) -> list[int]:
    """The offers whose score is at least this share of the best one."""
    return [offer_id for offer_id, score in found if score >= share * found[0][1]]


def kept_from(columns: Columns, choice: Choice, found: Found, left: Sequence[int]) -> list[Passed]:
    """Where filters leave none of the offers that answer: these, those that lack the fewest filters first;
    empty where one is left."""
    close = close_ones(found)
    if not found or set(close) & set(left):
        return []
    passed = [
        Passed(int(columns.ids[row]), _lacking(columns, choice, int(row)))
        for offer_id in close
        for row in np.flatnonzero(columns.ids == offer_id)
    ]
    return sorted(passed, key=lambda one: len(one.lacking))


def _lacking(columns: Columns, choice: Choice, row: int) -> tuple[tuple[str, str], ...]:
    lacking = []
    for group in GROUPS:
        ticked = choice.of(group)
        if ticked and group in EVERY_ONE:
            lacking += [(group, option) for option in sorted(ticked - _held(columns, group, row))]
        elif ticked and not ticked & _held(columns, group, row):
            lacking.append((group, ""))
    return tuple(lacking)


def _held(columns: Columns, group: str, row: int) -> set[str]:
    """The options of a group that an offer has."""
    names = columns.names[group]
    if group in SINGLE:
        code = int(columns.codes[group][row])
        return {names[code]} if code >= 0 else set()
    return {names[place] for place in np.flatnonzero(columns.has[group][:, row])}
