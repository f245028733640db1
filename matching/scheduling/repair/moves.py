"""The best repair of a large problem when meetings may move: the time-indexed model, changes at a price."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from matching.scheduling.budget import Budget
from matching.scheduling.construct.grid import Grid
from matching.scheduling.exact.time_indexed import (
    TimeIndexedAnswer,
    TimeIndexedModel,
    build_time_indexed,
    solve_lp,
    solve_mip,
)
from matching.scheduling.model.instance import Commitments, Instance, build_instance
from matching.scheduling.model.problem import Problem

Pair = tuple[str, str]
NODES = 2_000
LP_SHARE = 0.6  # of the seconds left
MIP_SHARE = 0.5
ROUNDING = 1e-6


def best_moves(
    problem: Problem,
    start: dict[Pair, int],
    committed: Commitments,
    published: Mapping[Pair, int],
    *,
    price: float,
    cap: Mapping[str, int] | None,
    budget: Budget,
) -> tuple[dict[Pair, int], float | None]:
    """Slots of the best schedule found from `start`, a bound in points on value less the price of changes.

    Commitments stay where they are. A meeting changes when it moves, and when one that could stand is given
    up: both cost `price` and count towards the `cap` of its two people."""
    instance = build_instance(problem, committed)
    grid = Grid(instance)
    for meeting, pair in enumerate(instance.pairs):
        if pair in start:
            grid.place(meeting, start[pair])
    model = build_time_indexed(Grid(instance), list(range(instance.slots)))
    if not model.arcs:
        return start, None
    standing = [pair in start and published.get(pair) == start[pair] for pair in instance.pairs]
    kept = [c for c, (m, slot) in enumerate(model.arcs) if standing[m] and start[instance.pairs[m]] == slot]
    moved = [
        column
        for column, (meeting, slot) in enumerate(model.arcs)
        if not standing[meeting] and published.get(instance.pairs[meeting], slot) != slot
    ]
    cost = price * instance.scale
    model.cost[kept] -= cost
    model.cost[moved] += cost
    model.constant -= cost * sum(standing)
    if cap is not None:
        _cap_changes(model, instance, kept, moved, cap)
    seconds = None if budget.seconds_left is None else budget.seconds_left * LP_SHARE
    relaxed = budget.wait_for(lambda: solve_lp(model, seconds))
    if relaxed is None:
        return start, None
    reached: float = grid.value - cost * sum(
        not standing[m] and published.get(instance.pairs[m], slot) != slot
        for m, slot in enumerate(grid.slot)
        if slot >= 0
    )
    held, bound = _round(model, relaxed, instance, start, reached, budget)
    return held | committed.pins, (bound + instance.base) / instance.scale


def _round(  # noqa: PLR0917 - private
    model: TimeIndexedModel,
    relaxed: TimeIndexedAnswer,
    instance: Instance,
    start: dict[Pair, int],
    reached: float,
    budget: Budget,
) -> tuple[dict[Pair, int], float]:
    """Whole numbers and what bounds them: the relaxation's own where they are whole, else among its free
    arcs, else among all those that can be part of something better than what is known."""
    import numpy as np

    assert relaxed.reduced is not None  # noqa: S101 - an LP always prices its arcs
    if relaxed.is_whole:
        return _held(model, instance, relaxed.x), relaxed.bound
    best, bound = dict(start), relaxed.bound
    now = np.array([start.get(instance.pairs[m]) == slot for m, slot in model.arcs])
    for free in (True, False):
        keep = now | (relaxed.reduced <= (ROUNDING if free else relaxed.bound - reached + ROUNDING))
        seconds = None if budget.seconds_left is None else budget.seconds_left * (MIP_SHARE if free else 1)
        found = budget.wait_for(
            lambda keep=keep, s=seconds: solve_mip(model, seconds=s, nodes=NODES, keep=keep)
        )
        if found is not None and found.value > reached:
            reached, best = found.value, _held(model, instance, found.x)
        if found is not None and not free:
            bound = min(bound, max(found.bound, reached))
        if reached >= math.floor(relaxed.bound + ROUNDING) or budget.cancelled():
            break
    return best, bound


def _held(model: TimeIndexedModel, instance: Instance, x: Any) -> dict[Pair, int]:
    return {instance.pairs[m]: slot for (m, slot), share in zip(model.arcs, x, strict=True) if share > 0.5}


def _cap_changes(
    model: TimeIndexedModel,
    instance: Instance,
    kept: list[int],
    moved: list[int],
    cap: Mapping[str, int],
) -> None:
    """Of each person's standing meetings all but `cap` are kept, those lost and held again counted."""
    import numpy as np
    from scipy import sparse  # heavy

    mine: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for columns, sign in ((kept, -1.0), (moved, 1.0)):
        for column in columns:
            meeting = model.arcs[column][0]
            mine[instance.first[meeting]].append((column, sign))
            mine[instance.second[meeting]].append((column, sign))
    if not mine:
        return
    rows = [row for row, terms in enumerate(mine.values()) for _ in terms]
    columns = [column for terms in mine.values() for column, _ in terms]
    signs = [sign for terms in mine.values() for _, sign in terms]
    extra = sparse.csr_array((signs, (rows, columns)), shape=(len(mine), len(model.cost)))
    standing = [sum(sign < 0 for _, sign in terms) for terms in mine.values()]
    caps = [cap[instance.ids[person]] for person in mine]
    model.rows = sparse.vstack([model.rows, extra]).tocsr()
    model.lower = np.concatenate([model.lower, np.full(len(mine), -math.inf)])
    model.upper = np.concatenate([model.upper, np.array(caps, dtype=float) - np.array(standing, dtype=float)])
