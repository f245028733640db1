"""The best repair when meetings may move: the time-indexed model with a price on each meeting changed."""

from __future__ import annotations

import math
from collections import defaultdict

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
from matching.scheduling.model.schedule import HeldGroup

Pair = tuple[str, str]
NODES = 2_000
LP_SHARE = 0.6  # of the seconds left


def best_moves(
    problem: Problem,
    start: dict[Pair, int],
    groups: tuple[HeldGroup, ...],
    published: dict[Pair, int],
    *,
    started: int,
    price: float,
    cap: int | None,
    budget: Budget,
) -> tuple[dict[Pair, int], float | None]:
    """Slots of the best schedule found from `start`; a bound on value less the price of changes.

    A meeting changes when it moves, and when one that could stand is given up: both cost `price` and count
    towards the `cap` of its two people."""
    pinned = {(pin.a, pin.v) for pin in problem.pinned}
    frozen = {pair: slot for pair, slot in start.items() if slot < started or pair in pinned}
    committed = Commitments({group.id: (group.slot, group.vendors) for group in groups}, frozen)
    instance = build_instance(problem, committed)
    for meeting, mask in enumerate(instance.allowed):
        instance.allowed[meeting] = mask >> started << started
    grid = Grid(instance)
    for meeting, pair in enumerate(instance.pairs):
        if pair in start:
            grid.place(meeting, start[pair])
    model = build_time_indexed(Grid(instance), list(range(started, instance.slots)))
    standing = [pair in start and published.get(pair) == start[pair] for pair in instance.pairs]
    kept = [c for c, (m, slot) in enumerate(model.arcs) if standing[m] and start[instance.pairs[m]] == slot]
    moved = [
        column
        for column, (meeting, slot) in enumerate(model.arcs)
        if not standing[meeting] and published.get(instance.pairs[meeting], slot) != slot
    ]
    cost = round(price * instance.scale)
    model.cost[kept] -= cost
    model.cost[moved] += cost
    model.constant -= cost * sum(standing)
    if cap is not None:
        _cap_changes(model, instance, kept, moved, cap)
    seconds = None if budget.seconds_left is None else budget.seconds_left * LP_SHARE
    relaxed = budget.wait_for(lambda: solve_lp(model, seconds))
    if relaxed is None:
        return start, None
    bound = (relaxed.bound + instance.base) / instance.scale
    return _round(model, relaxed, grid, start, budget) | frozen, bound


def _round(
    model: TimeIndexedModel, relaxed: TimeIndexedAnswer, grid: Grid, start: dict[Pair, int], budget: Budget
) -> dict[Pair, int]:
    """Whole numbers on the arcs that can be part of something better than the start."""
    assert relaxed.reduced is not None  # noqa: S101 - an LP always prices its arcs
    keep = relaxed.reduced <= relaxed.bound - grid.value + 1e-6
    seconds = budget.seconds_left
    found = budget.wait_for(lambda: solve_mip(model, seconds=seconds, nodes=NODES, keep=keep))
    if found is None or found.value < grid.value:
        return dict(start)
    pairs = grid.instance.pairs
    return {pairs[m]: slot for (m, slot), x in zip(model.arcs, found.x, strict=True) if x > 0.5}


def _cap_changes(
    model: TimeIndexedModel, instance: Instance, kept: list[int], moved: list[int], cap: int
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
    rows = [row for row, terms in enumerate(mine.values()) for _ in terms]
    columns = [column for terms in mine.values() for column, _ in terms]
    signs = [sign for terms in mine.values() for _, sign in terms]
    extra = sparse.csr_array((signs, (rows, columns)), shape=(len(mine), len(model.cost)))
    standing = [sum(sign < 0 for _, sign in terms) for terms in mine.values()]
    model.rows = sparse.vstack([model.rows, extra]).tocsr()
    model.lower = np.concatenate([model.lower, np.full(len(mine), -math.inf)])
    model.upper = np.concatenate([model.upper, cap - np.array(standing, dtype=float)])
