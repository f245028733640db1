"""The best repair of a large problem when meetings may move: the time-indexed model, changes at a price."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from matching.scheduling.budget import Budget
from matching.scheduling.construct.grid import Grid
from matching.scheduling.exact.linear import decide, solve_lp
from matching.scheduling.exact.time_indexed import TimeIndexedModel, build_time_indexed
from matching.scheduling.model.instance import Commitments, Instance, build_instance
from matching.scheduling.model.problem import Problem

Pair = tuple[str, str]
LP_SHARE = 0.6  # of the seconds left


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
    import numpy as np

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
    now = np.array([start.get(instance.pairs[m]) == slot for m, slot in model.arcs])
    x, best = decide(model, relaxed, now, reached, budget)
    held = dict(start)
    if x is not None:
        held = {
            instance.pairs[m]: slot for (m, slot), share in zip(model.arcs, x, strict=True) if share > 0.5
        }
    return held | committed.pins, (best + instance.base) / instance.scale


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
