"""The time-indexed model of some slots with the others as they are, for scipy's HiGHS (LP and MIP).

One variable per meeting and slot. Rows: a person at a slot, a meeting once, tables of a slot, maximum and
minimum of a person. Its LP relaxation gives a tighter bound than the slot flow, at a higher price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from matching.scheduling.construct.grid import Grid

WHOLE = 1e-6
Array = Any  # numpy arrays and scipy matrices, imported late


@dataclass(slots=True)
class TimeIndexedModel:
    """Minimise `cost` under `lower` <= `rows` x <= `upper`; `arcs`: the first variables."""

    arcs: list[tuple[int, int]]
    cost: Array
    rows: Array
    lower: Array
    upper: Array
    limits: Array
    constant: float


class _Rows:
    """A sparse matrix gathered row by row."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, columns: list[int], lower: float, upper: float) -> None:
        self.row += [len(self.lower)] * len(columns)
        self.column += columns
        self.lower.append(lower)
        self.upper.append(upper)


def build_time_indexed(grid: Grid, slots: list[int]) -> TimeIndexedModel:
    """The model of these slots: meetings held there or not at all, and what the rest leaves of each limit."""
    import numpy as np
    from scipy import sparse  # heavy

    instance = grid.instance
    mask = sum(1 << slot for slot in slots)
    arcs: list[tuple[int, int]] = []
    cost: list[int] = []
    by_meeting: dict[int, list[int]] = {}
    by_place: dict[tuple[int, int], list[int]] = {}
    by_person: dict[int, list[int]] = {}
    by_slot: dict[int, list[int]] = {slot: [] for slot in slots}
    for meeting, now in enumerate(grid.slot):
        if now >= 0 and not mask >> now & 1:
            continue
        a, v = instance.first[meeting], instance.second[meeting]
        for slot in slots:
            if not instance.allowed[meeting] >> slot & 1:
                continue
            column = len(arcs)
            arcs.append((meeting, slot))
            cost.append(-(instance.value[meeting] - instance.bonus * instance.must[meeting]))
            by_meeting.setdefault(meeting, []).append(column)
            for person in (a, v):
                by_place.setdefault((person, slot), []).append(column)
                by_person.setdefault(person, []).append(column)
            if instance.seated[meeting]:
                by_slot[slot].append(column)
    rows = _Rows()
    for meeting, columns in by_meeting.items():
        if instance.must[meeting] or len(columns) > 1:
            rows.add(columns, 1.0 if instance.must[meeting] else 0.0, 1.0)
    for columns in by_place.values():
        if len(columns) > 1:
            rows.add(columns, 0, 1)
    for slot, columns in by_slot.items():
        if len(columns) > instance.capacity[slot]:
            rows.add(columns, 0, max(0, instance.capacity[slot]))
    limits = [1.0] * len(arcs)
    _add_person_rows(grid, mask, by_person, rows, (cost, limits))
    ones = np.ones(len(rows.row))
    matrix = sparse.csr_array((ones, (rows.row, rows.column)), shape=(len(rows.lower), len(cost)))
    return TimeIndexedModel(
        arcs,
        np.array(cost, dtype=float),
        matrix,
        np.array(rows.lower),
        np.array(rows.upper),
        np.array(limits),
        _constant(grid, mask),
    )


def _outside(grid: Grid, mask: int) -> list[int]:
    """Meetings of each person at other slots."""
    count = list(grid.count)
    for meeting, slot in enumerate(grid.slot):
        if slot >= 0 and mask >> slot & 1:
            count[grid.instance.first[meeting]] -= 1
            count[grid.instance.second[meeting]] -= 1
    return count


def _add_person_rows(
    grid: Grid,
    mask: int,
    by_person: dict[int, list[int]],
    rows: _Rows,
    variables: tuple[list[int], list[float]],
) -> None:
    instance, (cost, limits) = grid.instance, variables
    outside = _outside(grid, mask)
    for person, columns in by_person.items():
        most = instance.high[person] - outside[person]
        if most < min(instance.slots, mask.bit_count()):
            rows.add(columns, 0, max(0, most))
        least = instance.low[person] - outside[person]
        if least > 0 and instance.penalty:
            short = len(cost)
            cost.append(instance.penalty)
            limits.append(float(least))
            rows.add([*columns, short], least, math.inf)


def _constant(grid: Grid, mask: int) -> int:
    """The grid's value minus the model's, for the same meetings (the model counts minimums as costs)."""
    instance = grid.instance
    outside = _outside(grid, mask)
    people = {
        p
        for m, s in enumerate(grid.slot)
        if s < 0 or mask >> s & 1
        for p in _ends(grid, m)
        if instance.allowed[m] & mask
    }
    total = 0
    for person in range(instance.people):
        missing = max(0, instance.low[person] - outside[person])
        earned = instance.low[person] - missing
        total += instance.penalty * (earned + (missing if person in people else 0))
    for meeting, slot in enumerate(grid.slot):
        if slot >= 0 and not mask >> slot & 1:
            total += instance.value[meeting]
        elif instance.must[meeting] and instance.allowed[meeting] & mask:
            total += instance.bonus
    return total


def _ends(grid: Grid, meeting: int) -> tuple[int, int]:
    return grid.instance.first[meeting], grid.instance.second[meeting]


@dataclass(slots=True)
class TimeIndexedAnswer:
    """Each arc's x, a bound on the grid's value, each arc's reduced cost (LP only), and the value reached."""

    x: Array
    bound: float
    reduced: Array | None
    value: float

    @property
    def is_whole(self) -> bool:
        """Whether no arc is held in part."""
        return bool((abs(self.x - self.x.round()) < WHOLE).all())


def solve_lp(model: TimeIndexedModel, seconds: float | None) -> TimeIndexedAnswer | None:
    """The LP relaxation; None where it did not finish."""
    import numpy as np
    from scipy import optimize, sparse  # heavy

    upper = np.isfinite(model.upper)
    lower = model.lower > 0
    matrix = sparse.vstack([model.rows[upper], -model.rows[lower]]).tocsr()
    answer = optimize.linprog(
        model.cost,
        A_ub=matrix,
        b_ub=np.concatenate([model.upper[upper], -model.lower[lower]]),
        bounds=np.column_stack([np.zeros(len(model.cost)), model.limits]),
        method="highs",
        options={} if seconds is None else {"time_limit": max(0.1, seconds)},
    )
    if answer.status != 0:
        return None
    reduced = answer.lower.marginals[: len(model.arcs)]
    return TimeIndexedAnswer(
        answer.x[: len(model.arcs)], model.constant - answer.fun, reduced, model.constant - answer.fun
    )


def solve_mip(
    model: TimeIndexedModel, *, seconds: float | None, nodes: int, keep: Array | None = None
) -> TimeIndexedAnswer | None:
    """Whole numbers, on the arcs to keep if given; None where nothing was found."""
    import numpy as np
    from scipy import optimize  # heavy

    limits = model.limits.copy()
    if keep is not None:
        limits[: len(model.arcs)][~keep] = 0
    options: dict[str, Any] = {"node_limit": nodes, "mip_rel_gap": 0.0}
    if seconds is not None:
        options["time_limit"] = max(0.1, seconds)
    answer = optimize.milp(
        model.cost,
        constraints=optimize.LinearConstraint(model.rows, model.lower, model.upper),
        bounds=optimize.Bounds(0, limits),
        integrality=np.ones(len(model.cost)),
        options=options,
    )
    if answer.x is None:
        return None
    dual = answer.mip_dual_bound if answer.mip_dual_bound is not None else -math.inf
    return TimeIndexedAnswer(
        answer.x[: len(model.arcs)], model.constant - dual, None, model.constant - answer.fun
    )
