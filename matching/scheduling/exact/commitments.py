"""Group sessions and pins first: where each stands."""

from __future__ import annotations

from matching.scheduling.bounds.relaxation import forced
from matching.scheduling.budget import Budget
from matching.scheduling.exact.cp_sat import CpSatModel
from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.problem import Problem

WORK = 5.0


def commit(problem: Problem, seed: int) -> tuple[Commitments, bool, bool]:
    """The commitments, whether all are kept, and whether there was no choice at all.

    Pins without slot nor table stay open: they are meetings that must be placed, wherever that is best."""
    committed = forced(problem)
    open_groups = [g for g in problem.groups if g.id not in committed.groups or g.min < len(g.vendors)]
    open_tables = [p for p in problem.pinned if p.slot is None and (p.table is not None or p.slots)]
    if not open_groups and not open_tables:
        return committed, True, True
    answer = CpSatModel(problem, ()).solve(None, work=WORK, seed=seed, budget=uncut())
    if answer is None:
        return committed, False, False
    kept = committed.pins.keys() | {(pin.a, pin.v) for pin in open_tables}
    pins = {pair: slot for pair, slot in answer.committed.pins.items() if pair in kept}
    return Commitments(answer.committed.groups, pins), answer.complete, False


def commit_everything(problem: Problem, seed: int) -> tuple[Commitments, bool]:
    """Sessions and every pin at once, for when open pins could not be placed among other meetings."""
    answer = CpSatModel(problem, ()).solve(None, work=WORK, seed=seed, budget=uncut())
    return (answer.committed, answer.complete) if answer is not None else (forced(problem), False)


def uncut() -> Budget:
    """Commitments are settled to the end even where cancelled: without them no schedule stands.

    Asked for patience all the same, it works beside the main thread, which can then hear a signal."""
    return Budget(None, WORK, lambda: False)
