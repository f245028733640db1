"""Group sessions and pins first: where each stands, and a bound that leaves them every choice."""

from __future__ import annotations

from matching.scheduling.budget import Budget
from matching.scheduling.flow import OpenSession, best_meetings
from matching.scheduling.instance import Settled, build_instance
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


def relaxed_bound(problem: Problem) -> int:
    """A bound in scaled points on every schedule: the flow around what all hold, with seats left to fill."""
    settled = forced(problem)
    instance = build_instance(problem, settled)
    index = {identifier: person for person, identifier in enumerate(instance.ids)}
    sessions = []
    for group in problem.groups:
        held = settled.groups.get(group.id)
        taken = held[1] if held else ()
        seats = tuple(
            (index[seat.v], round(seat.w * instance.scale)) for seat in group.vendors if seat.v not in taken
        )
        if seats:
            sessions.append(OpenSession(max(0, group.cap - len(taken)), seats))
        if held is None:  # its host gives it one of its slots
            host = index[group.ambassador]
            hosted = sum(
                g.ambassador == group.ambassador and g.id not in settled.groups for g in problem.groups
            )
            instance.high[host] = min(instance.high[host], instance.window[host].bit_count() - hosted)
    _, value = best_meetings(instance, sessions)
    return value + instance.base


def uncut() -> Budget:
    """Commitments are settled to the end even where cancelled: without them no schedule stands."""
    return Budget(None, WORK, None)
