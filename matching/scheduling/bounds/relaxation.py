"""What every schedule must hold, and a bound on the value of all of them."""

from __future__ import annotations

from dataclasses import replace

from matching.scheduling.bounds.flow import OpenSession, best_meetings
from matching.scheduling.model.instance import Commitments, build_instance
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Candidate, Problem


def forced(problem: Problem) -> Commitments:
    """What every schedule must hold: pins with a slot, sessions of one slot with the vendors they need."""
    pins = {(pin.a, pin.v): pin.slot for pin in problem.pinned if pin.slot is not None}
    groups = {}
    for group in problem.groups:
        if group.slots is not None and len(group.slots) == 1:
            needed = tuple(seat.v for seat in group.vendors) if group.min == len(group.vendors) else ()
            groups[group.id] = (group.slots[0], needed)
    return Commitments(groups, pins)


def at_best_slots(problem: Problem) -> Problem:
    """Each meeting worth what it is at its best slot, whichever it is held at."""
    if not any(candidate.slot_bonus for candidate in problem.candidates):
        return problem
    return replace(problem, candidates=tuple(_at_best(c, problem.slots) for c in problem.candidates))


def _at_best(candidate: Candidate, slots: int) -> Candidate:
    if not candidate.slot_bonus:
        return candidate
    best = max(points for _, points in candidate.slot_bonus)
    if len(candidate.slot_bonus) < slots:
        best = max(best, 0)
    return replace(candidate, w=max(0, candidate.worth + best), slot_bonus=(), met_before=0)


def relaxed_bound(problem: Problem) -> int:
    """A bound in points scaled as the problem's objective on every schedule: the flow around what all hold,
    with seats left to fill; rests, walks and which slot is preferred are forgotten."""
    scale = Objective(problem).scale
    problem = at_best_slots(problem)
    rescale = scale // Objective(problem).scale
    return _flow_bound(problem) * rescale


def _flow_bound(problem: Problem) -> int:
    committed = forced(problem)
    instance = build_instance(problem, committed)
    index = {identifier: person for person, identifier in enumerate(instance.ids)}
    objective, sessions = Objective(problem), []
    for group in problem.groups:
        held = committed.groups.get(group.id)
        taken = held[1] if held else ()
        seats = tuple(
            (index[seat.v], objective.seat[group.id, seat.v]) for seat in group.vendors if seat.v not in taken
        )
        if seats:
            sessions.append(OpenSession(max(0, group.cap - len(taken)), seats))
        if held is None:  # its host gives it one of its slots
            host = index[group.ambassador]
            hosted = sum(
                g.ambassador == group.ambassador and g.id not in committed.groups for g in problem.groups
            )
            room = (
                sum(instance.several[host]) if host in instance.several else instance.window[host].bit_count()
            )
            instance.high[host] = min(instance.high[host], room - hosted)
    _, value = best_meetings(instance, sessions)
    return value + instance.base
