"""Hard windows: LP bound, rounding, the MIP left by reduced costs, then large neighbourhoods of slots."""

from __future__ import annotations

import random

from matching.scheduling.budget import Budget
from matching.scheduling.construct.ejection import eject
from matching.scheduling.construct.grid import Grid
from matching.scheduling.construct.kempe import insert
from matching.scheduling.construct.reoptimise import reoptimise
from matching.scheduling.exact.linear import LinearAnswer, solve_lp, solve_mip
from matching.scheduling.exact.time_indexed import TimeIndexedModel, build_time_indexed
from matching.scheduling.model.instance import Commitments
from matching.scheduling.search.run import Run

ARCS_FOR_LP = 120_000
ARCS_PER_UNIT = 20_000
NEIGHBOURHOOD_ARCS = 3_000
NODES = 200
NEIGHBOURHOOD_S = 5.0
PATIENCE = 60
LP_SHARE = 0.8  # of the seconds left


def improve(run: Run, committed: Commitments, grid: Grid, seed: int, *, exact_bound: bool) -> None:
    """Improve the grid until proved, spent or stuck; `exact_bound`: its LP bounds the problem."""
    instance = grid.instance
    if any(must and grid.slot[m] < 0 for m, must in enumerate(instance.must)):
        return
    rng = random.Random(seed)  # noqa: S311 - a search, not a secret
    arcs = sum(mask.bit_count() for mask in instance.allowed)
    if not arcs:
        return
    if arcs <= ARCS_FOR_LP:
        _by_lp(run, committed, grid, rng, exact_bound=exact_bound)
    _by_neighbourhoods(run, committed, grid, rng)


def _by_lp(run: Run, committed: Commitments, grid: Grid, rng: random.Random, *, exact_bound: bool) -> None:
    budget, instance = run.budget, grid.instance
    run.phase = "lp"
    empty = Grid(instance)
    model = build_time_indexed(empty, list(range(instance.slots)))
    left = budget.seconds_left
    seconds = None if left is None else LP_SHARE * left
    with budget.within(seconds):
        answer = budget.wait_for(lambda: solve_lp(model, seconds))
    budget.spend(len(model.arcs) / ARCS_PER_UNIT)
    if answer is None:
        return
    bound = int(answer.bound + 1e-6 * instance.scale + 1e-9 * abs(answer.bound))
    if exact_bound:
        run.lower_bound_to(bound + instance.base)
    rounded = Grid(instance)
    _round(rounded, model, answer, rng, run)
    if rounded.value > grid.value:
        grid.load_all(rounded.slot)
        run.offer_grid(committed, instance, grid)
    if run.is_proved or budget.is_spent() or answer.reduced is None:
        return
    run.phase = "mip"
    keep = answer.reduced <= answer.bound - grid.value + 1e-6
    if int(keep.sum()) > NEIGHBOURHOOD_ARCS * 5:
        keep = (answer.x > 1e-6) | (answer.reduced <= 0.02 * instance.scale)
        keep |= _held(grid, model)
        final = False
    else:
        final = exact_bound
    seconds = None if budget.seconds_left is None else budget.seconds_left / 2
    with budget.within(seconds):
        found = budget.wait_for(lambda: solve_mip(model, seconds=seconds, nodes=NODES * 5, keep=keep))
    budget.spend(float(keep.sum()) / 2_000)
    if found is None:
        return
    if final:
        run.lower_bound_to(max(grid.value, int(found.bound + 1e-6 * instance.scale)) + instance.base)
    _take(grid, model, found, list(range(instance.slots)))
    run.offer_grid(committed, instance, grid)


def _held(grid: Grid, model: TimeIndexedModel) -> object:
    import numpy as np

    return np.array([grid.slot[meeting] == slot for meeting, slot in model.arcs])


def _round(grid: Grid, model: TimeIndexedModel, answer: LinearAnswer, rng: random.Random, run: Run) -> None:
    """Place the arcs by decreasing LP value, then what the LP wanted in all, then improve."""
    instance = grid.instance
    wanted: dict[int, float] = {}
    for column in sorted(range(len(model.arcs)), key=lambda c: -answer.x[c]):
        if answer.x[column] < 1e-6:
            break
        meeting, slot = model.arcs[column]
        wanted[meeting] = wanted.get(meeting, 0.0) + answer.x[column]
        if grid.slot[meeting] < 0 and grid.fits(meeting, slot):
            grid.place(meeting, slot)
    waiting = [m for m, share in wanted.items() if grid.slot[m] < 0 and share > 0.5]
    waiting = [m for m in sorted(waiting, key=lambda m: -instance.value[m]) if not insert(grid, m)]
    eject(grid, waiting, 2_000 + 10 * len(waiting), rng, run.budget.cancelled)
    reoptimise(grid, 1 << 62, run.budget.cancelled)


def _take(grid: Grid, model: TimeIndexedModel, answer: LinearAnswer, slots: list[int]) -> bool:
    """Replace the meetings of these slots by the answer's if that is better."""
    before, value = list(grid.slot), grid.value
    for slot in slots:
        for meeting in sorted(grid.held[slot]):
            grid.remove(meeting)
    for column, (meeting, slot) in enumerate(model.arcs):
        if answer.x[column] > 0.5 and grid.slot[meeting] < 0 and grid.fits(meeting, slot):
            grid.place(meeting, slot)
    if grid.value > value:
        return True
    changed = grid.value < value
    if changed:
        grid.load_all(before)
    return False


def _by_neighbourhoods(run: Run, committed: Commitments, grid: Grid, rng: random.Random) -> None:
    """Free a few slots and solve them exactly (LNS, Shaw 1998), more of them while nothing improves."""
    run.phase = "neighbourhoods"
    budget, instance = run.budget, grid.instance
    width, quiet = 2, 0
    per_slot = max(1, sum(mask.bit_count() for mask in instance.allowed) // instance.slots)
    widest = max(2, min(instance.slots, 3 * NEIGHBOURHOOD_ARCS // per_slot))
    while not run.is_proved and not budget.is_spent() and quiet < PATIENCE:
        slots = sorted(rng.sample(range(instance.slots), min(width, instance.slots)))
        model = build_time_indexed(grid, slots)
        if not model.arcs:
            quiet += 1
            continue
        answer = _quickly(budget, model)
        budget.spend(0.05 + len(model.arcs) / ARCS_PER_UNIT)
        if answer is not None and _take(grid, model, answer, slots):
            run.offer_grid(committed, instance, grid)
            quiet = 0
        else:
            quiet += 1
            if quiet % 6 == 0:
                width = min(width + 1, widest)


def _quickly(budget: Budget, model: TimeIndexedModel) -> LinearAnswer | None:
    left = budget.seconds_left
    seconds = None if left is None else min(left, NEIGHBOURHOOD_S)
    with budget.within(seconds):
        return budget.wait_for(lambda: solve_mip(model, seconds=seconds, nodes=NODES))
