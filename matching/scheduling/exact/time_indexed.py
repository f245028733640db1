"""The time-indexed model of some slots with the others as they are, for scipy's HiGHS (LP and MIP).

One variable per meeting and slot. Rows: a person at a slot, a meeting once, tables of a slot, maximum and
minimum of a person. Its LP relaxation gives a tighter bound than the slot flow, at a higher price."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matching.scheduling.construct.grid import Grid
from matching.scheduling.exact.linear import LinearModel, Rows


@dataclass(slots=True)
class TimeIndexedModel(LinearModel):
    """`arcs`: the meeting and slot of each decision."""

    arcs: list[tuple[int, int]]


def build_time_indexed(grid: Grid, slots: list[int]) -> TimeIndexedModel:
    """The model of these slots: meetings held there or not at all, and what the rest leaves of each limit."""
    import numpy as np

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
    rows = Rows()
    for meeting, columns in by_meeting.items():
        if instance.must[meeting] or len(columns) > 1:
            rows.add(columns, 1.0 if instance.must[meeting] else -math.inf, 1.0)
    for columns in by_place.values():
        if len(columns) > 1:
            rows.add(columns, -math.inf, 1)
    for slot, columns in by_slot.items():
        if len(columns) > instance.capacity[slot]:
            rows.add(columns, -math.inf, max(0, instance.capacity[slot]))
    limits = [1.0] * len(arcs)
    _add_person_rows(grid, mask, by_person, rows, (cost, limits))
    return TimeIndexedModel(
        columns=len(arcs),
        cost=np.array(cost, dtype=float),
        rows=rows.matrix(len(cost)),
        lower=np.array(rows.lower),
        upper=np.array(rows.upper),
        limits=np.array(limits),
        constant=_constant(grid, mask),
        arcs=arcs,
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
    rows: Rows,
    variables: tuple[list[int], list[float]],
) -> None:
    instance, (cost, limits) = grid.instance, variables
    outside = _outside(grid, mask)
    for person, columns in by_person.items():
        most = instance.high[person] - outside[person]
        if most < min(instance.slots, mask.bit_count()):
            rows.add(columns, -math.inf, max(0, most))
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
