"""Where many needs stand at once: the lists that `Matcher.match` would give each, without explaining them.

The vectors of a few hundred needs are compared with all offers in one product. It is not exact to the last
bits, so that it only chooses, for each list, which offers may be among its first; those are then scored as
`match` scores them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matching.criteria.gate import failures, single_failures
from matching.criteria.table import CriteriaTable
from matching.criteria.types import Requirement
from matching.retrieval.ranking import SCORE_DECIMALS, Question, Ranking, Rows, top_rows
from matching.retrieval.snapshot import Snapshot

NEEDS_A_PRODUCT = 256
PRODUCT_ERROR = 1e-5
"""More than what single precision may get wrong in a similarity."""
Listed = tuple[tuple[int, tuple[int, ...]], ...]
"""Offers of a list in order, each with its cells for the requirements, in the order of the criteria."""


@dataclass(frozen=True, slots=True)
class Lists:
    """One need, one kind of offers: the first of the eligible offers, those one requirement away, and the
    best of all that requirements keep out."""

    first: Listed
    near: Listed
    kept_out: Listed


@dataclass(frozen=True, slots=True)
class Asked:
    """A need ready to be ranked."""

    need_id: int
    question: Question
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The lists of a need, the offers compared exactly, and for each list in turn (eligible, near, kept
    out, of each kind) what no offer that was not compared can exceed."""

    lists: dict[str, Lists]
    ranking: Ranking
    floors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Gate:
    """For one set of requirements: by kind, the rows allowed in each of its lists; the cells required."""

    rows: Mapping[str, tuple[Rows, Rows, Rows]]
    cells: NDArray[np.int8]


class Standings:
    """The lists of many needs over one snapshot; `depths` says how many offers of each kind come first,
    `beside` how many are listed one requirement away, and kept out."""

    def __init__(
        self,
        snapshot: Snapshot,
        table: CriteriaTable,
        codes: NDArray[np.int8],
        depths: Mapping[str, int],
        beside: tuple[int, int],
    ) -> None:
        self._snapshot, self._table, self._codes = snapshot, table, codes
        self._depths, self._beside = depths, beside
        self._kinds = {kind: snapshot.of_kinds([kind]) for kind in depths}
        self._gates: dict[tuple[Requirement, ...], _Gate] = {}

    def of(self, needs: Iterator[Asked]) -> Iterator[tuple[int, dict[str, Lists]]]:
        """Each need with its lists by kind, in the order given."""
        return ((asked.need_id, ranked.lists) for asked, ranked in self.ranked(needs))

    def ranked(self, needs: Iterator[Asked], spare: int = 0) -> Iterator[tuple[Asked, Ranked]]:
        """The same with the offers that were compared exactly: those that may be among the first of each list
        were it `spare` offers longer."""
        rows = self._snapshot.index.rows
        while some := list(islice(needs, NEEDS_A_PRODUCT)):
            similar = np.stack([asked.question.vector for asked in some]) @ rows.T
            for asked, similarities in zip(some, similar, strict=True):
                yield asked, self._ranked(asked, similarities, spare)

    def _ranked(self, asked: Asked, similarities: NDArray[np.float32], spare: int) -> Ranked:
        question, gate = asked.question, self._gate(asked.requirements)
        rough = question.known + similarities / question.scale - question.offset
        error = 2 * (PRODUCT_ERROR / question.scale + 10.0**-SCORE_DECIMALS)
        wanted = [
            (rows, depth)
            for kind, lists in gate.rows.items()
            for rows, depth in zip(lists, (self._depths[kind], *self._beside), strict=True)
        ]
        found = [_may_be_first(rough, rows, depth + spare, error) for rows, depth in wanted]
        ranking = question.rank(np.unique(np.concatenate([rows for rows, _floor in found])))
        listed = []
        for (rows, _floor), (_allowed, depth) in zip(found, wanted, strict=True):
            places = np.searchsorted(ranking.rows, rows)
            best = top_rows(ranking.scores[places], np.ones(len(places), np.bool_), depth)
            listed.append(self._listed(rows[best], gate))
        of_kinds = {kind: Lists(*listed[3 * i : 3 * i + 3]) for i, kind in enumerate(gate.rows)}
        return Ranked(of_kinds, ranking, tuple(floor for _rows, floor in found))

    def _listed(self, rows: Rows, gate: _Gate) -> Listed:
        ids, cells = self._snapshot.ids[rows].tolist(), gate.cells[rows].tolist()
        return tuple((offer_id, tuple(held)) for offer_id, held in zip(ids, cells, strict=True))

    def _gate(self, requirements: tuple[Requirement, ...]) -> _Gate:
        """Needs often ask the same: computed once for each set of requirements."""
        found = self._gates.get(requirements)
        if found is None:
            fails = failures(self._table, self._codes, requirements)
            eligible, short = fails == 0, single_failures(fails)
            columns = [self._table.column(requirement.criterion) for requirement in requirements]
            found = self._gates[requirements] = _Gate(
                {
                    kind: (
                        np.flatnonzero(rows & eligible),
                        np.flatnonzero(rows & short),
                        np.flatnonzero(rows & ~eligible),
                    )
                    for kind, rows in self._kinds.items()
                },
                self._codes[:, columns],
            )
        return found


def _may_be_first(rough: NDArray[np.float64], rows: Rows, depth: int, error: float) -> tuple[Rows, float]:
    """Those of `rows` that may be among the `depth` first, scores being known but for `error`; and what no
    other one can exceed."""
    if len(rows) <= depth:
        return rows, -np.inf
    values = rough[rows]
    floor = float(np.partition(values, len(values) - depth)[len(values) - depth])
    return np.asarray(rows[values >= floor - error]), floor


def as_record(lists: Mapping[str, Lists]) -> dict[str, list[list[list[object]]]]:
    """The lists as JSON keeps them."""
    return {
        kind: [
            [[offer_id, list(cells)] for offer_id, cells in listed]
            for listed in (of_kind.first, of_kind.near, of_kind.kept_out)
        ]
        for kind, of_kind in lists.items()
    }
