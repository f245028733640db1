"""Pins and sessions that cannot all be held: an irreducible set of them, by CP-SAT's unsatisfiable cores."""

from __future__ import annotations

from typing import Any

from matching.scheduling.exact.cp_sat import CpSatModel
from matching.scheduling.model.diagnostics import Bottleneck, Limit
from matching.scheduling.model.problem import Problem

WORK = 1.0  # units of CP-SAT's deterministic time for each question
LONGEST_CORE = 40  # larger ones are told as they are


def commitments_bottleneck(problem: Problem, seed: int) -> tuple[Bottleneck, ...]:
    """One set of commitments that cannot be held together though any all but one can; empty where none is
    proved within the work."""
    model = CpSatModel(problem, ())
    literals = [model.model.new_bool_var("") for _ in model.commitments]
    for literal, commitment in zip(literals, model.commitments, strict=True):
        model.model.add(commitment >= 1).only_enforce_if(literal)
    core = _conflict(model, literals, list(range(len(literals))), seed)
    if core is None:
        return ()
    if len(core) <= LONGEST_CORE:
        for commitment in list(core):
            rest = [other for other in core if other != commitment]
            if commitment in core and (smaller := _conflict(model, literals, rest, seed)) is not None:
                core = smaller
    found = [model.names[n] for n in core]
    hosts = {group.id: group.ambassador for group in problem.groups}
    people = {i for name in found for i in (name if len(name) > 1 else (hosts[name[0]],))}
    names, room = tuple("/".join(name) for name in found), len(found) - 1
    limit = Limit("commitments", names, room)
    return (Bottleneck("commitments", tuple(sorted(people)), len(names), room, (limit,)),)


def _conflict(model: CpSatModel, literals: list[Any], asked: list[int], seed: int) -> list[int] | None:
    """Those of the commitments asked that already contradict each other; None where they do not provably."""
    model.model.clear_assumptions()
    model.model.add_assumptions([literals[n] for n in asked])
    solver = model.cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is ours
    if solver.solve(model.model) != model.cp.INFEASIBLE:
        return None
    named = set(solver.sufficient_assumptions_for_infeasibility())
    return [n for n in asked if literals[n].index in named]
