"""Group sessions and pins first: where each stands, and what the sessions could be worth at best."""

from __future__ import annotations

from matching.scheduling.budget import Budget
from matching.scheduling.instance import Settled, scale_of
from matching.scheduling.joint import JointModel
from matching.scheduling.problem import Problem

WORK = 5.0


def forced(problem: Problem) -> Settled:
    """What every schedule must hold: pins with a slot, sessions of one slot with the vendors they need."""
    pins = {(pin.a, pin.v): pin.slot for pin in problem.pinned if pin.slot is not None}
    groups = {}
    for group in problem.groups:
        if group.slots is not None and len(group.slots) == 1:
            needed = tuple(seat.v for seat in group.vendors) if group.min == len(group.vendors) else ()
            groups[group.id] = (group.slots[0], needed)
    return Settled(groups, pins)


def settle(problem: Problem, seed: int) -> tuple[Settled, bool, bool]:
    """The commitments, whether all are kept, and whether there was no choice at all.

    Pins without slot nor table stay open: they are meetings that must be placed, wherever that is best."""
    settled = forced(problem)
    open_groups = [g for g in problem.groups if g.id not in settled.groups or g.min < len(g.vendors)]
    open_tables = [pin for pin in problem.pinned if pin.slot is None and pin.table is not None]
    if not open_groups and not open_tables:
        return settled, True, True
    answer = JointModel(problem, ()).solve(None, work=WORK, seed=seed, budget=uncut())
    if answer is None:
        return settled, False, False
    kept = settled.pins.keys() | {(pin.a, pin.v) for pin in open_tables}
    pins = {pair: slot for pair, slot in answer.settled.pins.items() if pair in kept}
    return Settled(answer.settled.groups, pins), answer.complete, False


def settle_everything(problem: Problem, seed: int) -> tuple[Settled, bool]:
    """Sessions and every pin at once, for when open pins could not be placed among other meetings."""
    answer = JointModel(problem, ()).solve(None, work=WORK, seed=seed, budget=uncut())
    return (answer.settled, answer.complete) if answer is not None else (forced(problem), False)


def best_sessions(problem: Problem, settled: Settled) -> int:
    """An upper bound, in scaled points, on the seats beyond the ones settled here."""
    scale = scale_of(problem)
    total = 0
    for group in problem.groups:
        values = sorted((round(seat.w * scale) for seat in group.vendors), reverse=True)[: group.cap]
        held = settled.groups.get(group.id, (0, ()))[1]
        total += sum(values) - sum(round(seat.w * scale) for seat in group.vendors if seat.v in held)
    return total


def uncut() -> Budget:
    """Commitments are settled to the end even where cancelled: without them no schedule stands."""
    return Budget(None, WORK, None)
