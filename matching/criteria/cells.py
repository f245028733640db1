"""The answers of many offers to every criterion, as int8 cells, as of any day.

A cell is an int8: 3 not applicable, 2 met and verified, 1 met and declared, 0 unknown, -1 not met as
declared, -2 not met as verified. Days change few of them: each offer has a first row of cells and, for the
days that change it, later ones. A day's whole table is put together once, then read as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]
Ids = NDArray[np.int64]
NOT_APPLICABLE = 3
DAYS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Timeline:
    """The cells of one offer: `rows[i]`, int8 [criteria], from `days[i]` (ordinals, ascending) on."""

    days: NDArray[np.int32]
    rows: Codes


@dataclass(frozen=True, slots=True)
class Cells:
    """n offers: their cells before any date, int8 [n, criteria], and the m later rows of those that change,
    by offer then by day.
    """

    ids: Ids
    first: Codes
    changing: Ids
    days: NDArray[np.int32]
    later: Codes
    _by_day: dict[int, Codes] = field(default_factory=dict, compare=False)

    @classmethod
    def empty(cls, criteria: int) -> Cells:
        numbers, rows = np.empty(0, np.int64), np.empty((0, criteria), np.int8)
        return cls(numbers, rows, numbers, np.empty(0, np.int32), rows)

    def changed(self, touched: Ids, ids: Ids, timelines: Sequence[Timeline]) -> Cells:
        """These cells without the offers `touched`, and with `ids` (ascending) and their timelines."""
        width = self.first.shape[1]
        rows = np.array([line.rows[0] for line in timelines], np.int8).reshape(len(ids), width)
        kept = ~np.isin(self.ids, touched)
        order = np.argsort(np.concatenate([self.ids[kept], ids]), kind="stable")
        dated = [(number, line) for number, line in zip(ids, timelines, strict=True) if len(line.days) > 1]
        still = ~np.isin(self.changing, touched)
        changing = np.concatenate(
            [self.changing[still], *(np.full(len(line.days) - 1, number, np.int64) for number, line in dated)]
        )
        days = np.concatenate([self.days[still], *(line.days[1:] for _number, line in dated)])
        by_day = np.lexsort((days, changing))
        later = np.concatenate([self.later[still], *(line.rows[1:] for _number, line in dated)])
        return Cells(
            np.concatenate([self.ids[kept], ids])[order],
            np.concatenate([self.first[kept], rows])[order],
            changing[by_day],
            days[by_day],
            later[by_day],
        )

    def on(self, day: date) -> Codes:
        """The table of a day, int8 [n, criteria]; not to be written to."""
        if not len(self.changing):
            return self.first
        ordinal = day.toordinal()
        found = self._by_day.get(ordinal)
        if found is None:
            found = self._table(ordinal)
            if len(self._by_day) >= DAYS_KEPT:
                self._by_day.clear()
            self._by_day[ordinal] = found
        return found

    def _table(self, ordinal: int) -> Codes:
        begun = self.days <= ordinal
        owners, rows = self.changing[begun], self.later[begun]
        latest = np.ones(len(owners), np.bool_)
        latest[:-1] = owners[1:] != owners[:-1]
        table = self.first.copy()
        table[np.searchsorted(self.ids, owners[latest])] = rows[latest]
        return table
