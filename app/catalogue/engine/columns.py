"""The published offers as columns: what passes the facets, how many each option would leave, in which order.

A table never changes: a change makes another, and whoever was reading keeps the previous one. Rows are in the
order of names, so that a column is a list by name already."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.catalogue.queries.rows import OfferRow

Cell = TypeVar("Cell", bound=np.generic)
Mask = NDArray[np.bool_]
SINGLE = ("kinds", "countries", "licences")
SEVERAL = ("divisions", "declared", "verified")
GROUPS = (*SINGLE, *SEVERAL)
EVERY_ONE = frozenset({"declared", "verified"})
"""Groups in which every option ticked must hold; in the others one suffices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asked for. Within `kinds`, `divisions`, `countries` and `licences` one suffices;
    every one of `declared` and `verified` (criteria) must hold."""

    kinds: frozenset[str] = frozenset()
    divisions: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    sort: str = ""

    def of(self, group: str) -> frozenset[str]:
        chosen: frozenset[str] = getattr(self, group)
        return chosen


@dataclass(frozen=True, slots=True)
class Selection:
    """Identifiers in order [n], and for each facet how many offers each of its options would leave."""

    ids: NDArray[np.int64]
    counts: Mapping[str, Counter[str]]


@dataclass(frozen=True)
class Columns:
    """`codes[group]` says which of `names[group]` a row has, -1 for none, int32 [n]; `has[group]` which ones
    among several, bool [names, n]."""

    ids: NDArray[np.int64]
    keys: tuple[tuple[str, int], ...]
    shelves: NDArray[np.int8]
    published_at: NDArray[np.float64]
    names: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, NDArray[np.int32]]
    has: Mapping[str, Mask]

    @classmethod
    def of(cls, rows: Iterable[OfferRow]) -> "Columns":
        """In the order of names, then of identifiers."""
        ordered = sorted(rows, key=lambda row: (row.name_key, row.id))
        names = {
            **{group: _names(row.single[group] for row in ordered) for group in SINGLE},
            **{group: _names(v for row in ordered for v in row.several[group]) for group in SEVERAL},
        }
        return cls(
            ids=np.array([row.id for row in ordered], np.int64),
            keys=tuple((row.name_key, row.id) for row in ordered),
            shelves=np.array([row.shelf for row in ordered], np.int8),
            published_at=np.array([row.published_at for row in ordered], np.float64),
            names=names,
            codes={group: _codes(names[group], [row.single[group] for row in ordered]) for group in SINGLE},
            has={group: _flags(names[group], [row.several[group] for row in ordered]) for group in SEVERAL},
        )

    def replaced(self, gone: Collection[int], rows: Iterable[OfferRow]) -> "Columns":
        """The same with the offers of `gone` left out and `rows` added."""
        added = Columns.of(rows)
        kept = np.flatnonzero(~np.isin(self.ids, list(gone)))
        keys = [*(self.keys[row] for row in kept), *added.keys]
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.intp)
        names = {group: _names([*self.names[group], *added.names[group]]) for group in self.names}

        def joined(mine: NDArray[Cell], others: NDArray[Cell]) -> NDArray[Cell]:
            return np.asarray(np.concatenate([mine[..., kept], others], axis=-1)[..., order])

        return Columns(
            ids=joined(self.ids, added.ids),
            keys=tuple(keys[row] for row in order),
            shelves=joined(self.shelves, added.shelves),
            published_at=joined(self.published_at, added.published_at),
            names=names,
            codes={g: joined(self._coded(g, names[g]), added._coded(g, names[g])) for g in SINGLE},
            has={g: joined(self._flagged(g, names[g]), added._flagged(g, names[g])) for g in SEVERAL},
        )

    def select(self, choice: Choice, found: Sequence[int] | None = None) -> Selection:
        """Apply the facets; `found` (offers of a search, best first) restricts to them, in their order."""
        base = np.ones(len(self.ids), np.bool_)
        if found is not None:
            base = np.isin(self.ids, np.array(found, np.int64))
        masks = {group: self._passing(group, choice.of(group)) for group in GROUPS if choice.of(group)}
        kept = _all([base, *masks.values()])
        counts = {}
        for group in GROUPS:
            others = kept
            if group in masks and group not in EVERY_ONE:
                others = _all([base, *(mask for name, mask in masks.items() if name != group)])
            counts[group] = self._counted(group, others)
        return Selection(self._ordered(kept, choice.sort, found), counts)

    def proofs(self, ids: Sequence[int]) -> dict[int, dict[str, bool]]:
        """Offer -> the criteria it meets, and whether that is verified."""
        found = {}
        for row in np.flatnonzero(np.isin(self.ids, list(ids))):
            declared, verified = (
                {self.names[group][place] for place in np.flatnonzero(self.has[group][:, row])}
                for group in ("declared", "verified")
            )
            found[int(self.ids[row])] = {key: key in verified for key in declared}
        return found

    def _passing(self, group: str, chosen: frozenset[str]) -> Mask:
        places = [place for place, name in enumerate(self.names[group]) if name in chosen]
        if group in SINGLE:
            return np.isin(self.codes[group], places)
        if group not in EVERY_ONE:
            return np.asarray(self.has[group][places].any(axis=0))
        if len(places) < len(chosen):
            return np.zeros(len(self.ids), np.bool_)
        return np.asarray(self.has[group][places].all(axis=0))

    def _counted(self, group: str, rows: Mask) -> Counter[str]:
        names = self.names[group]
        if group in SINGLE:
            numbers = np.bincount(self.codes[group][rows] + 1, minlength=len(names) + 1)[1:]
        else:
            numbers = np.array([np.count_nonzero(column & rows) for column in self.has[group]], np.intp)
        return Counter({name: int(n) for name, n in zip(names, numbers, strict=True) if n})

    def _ordered(self, kept: Mask, sort: str, found: Sequence[int] | None) -> NDArray[np.int64]:
        if sort == "nom":
            return self.ids[kept]
        if sort == "recent":
            return self.ids[self._newest_first[kept[self._newest_first]]]
        if found is not None:
            passing = set(self.ids[kept].tolist())
            return np.array([offer_id for offer_id in found if offer_id in passing], np.int64)
        return self.ids[self._by_shelf[kept[self._by_shelf]]]

    @cached_property
    def _by_shelf(self) -> NDArray[np.intp]:
        return np.argsort(self.shelves, kind="stable")

    @cached_property
    def _newest_first(self) -> NDArray[np.intp]:
        return np.lexsort((self.ids, -self.published_at))

    def _coded(self, group: str, names: Sequence[str]) -> NDArray[np.int32]:
        """The column of `group` for other names, a superset of its own."""
        place = {name: code for code, name in enumerate(names)}
        moved = np.array([*(place[name] for name in self.names[group]), -1], np.int32)
        return moved[self.codes[group]]

    def _flagged(self, group: str, names: Sequence[str]) -> Mask:
        flags = np.zeros((len(names), len(self.ids)), np.bool_)
        place = {name: row for row, name in enumerate(names)}
        flags[[place[name] for name in self.names[group]]] = self.has[group]
        return flags


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _codes(names: Sequence[str], values: Sequence[str]) -> NDArray[np.int32]:
    place = {name: code for code, name in enumerate(names)}
    return np.array([place.get(value, -1) for value in values], np.int32)


def _flags(names: Sequence[str], values: Sequence[frozenset[str]]) -> Mask:
    flags = np.zeros((len(names), len(values)), np.bool_)
    place = {name: row for row, name in enumerate(names)}
    for column, held in enumerate(values):
        for value in held:
            flags[place[value], column] = True
    return flags


def _all(masks: Sequence[Mask]) -> Mask:
    return np.asarray(np.logical_and.reduce(masks))
