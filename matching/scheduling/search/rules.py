"""Rules the polynomial core does not know: a schedule without them, mended, then improved by a few slots.

Walks, rests, slots of preference and parallel meetings come here. The bound is that of the problem without
them, unless the whole model is small enough to prove."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

from matching.scheduling.construct.seating import seat
from matching.scheduling.exact.cp_sat import CpSatAnswer, CpSatModel
from matching.scheduling.exact.linear import WHOLE
from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.limits import limited
from matching.scheduling.model.rooms import Rooms
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.search.relaxed import rested
from matching.scheduling.search.run import Run

SMALL = 3_000  # pairs times slots times rooms up to which the whole model is worth its start-up
LARGE = 100_000  # the same up to which its relaxation is
WORK = 1.0
LP_WORK = 3.0
NODES = 50
PATIENCE = 30
WIDTH = 3

Pair = tuple[str, str]


def with_rules(run: Run, relaxed: Schedule, *, seed: int) -> None:
    """The best found from a schedule that ignores the rules, whose bound holds all the more."""
    problem, budget = run.problem, run.budget
    run.phase = "rooms"
    run.bound = run.measure.scaled(relaxed.bound)
    slots = {(m.a, m.v): m.slot for m in relaxed.meetings}
    pinned = {(pin.a, pin.v) for pin in problem.pinned}
    committed = Commitments(
        {group.id: (group.slot, group.vendors) for group in relaxed.groups},
        {pair: slot for pair, slot in slots.items() if pair in pinned},
    )
    _seat_all(run, committed, slots, complete=relaxed.status != "infeasible")
    _try(run, slots, {pair: (slot,) for pair, slot in slots.items()}, seed)
    size = len(problem.candidates) * problem.slots * (len(set(problem.table_rooms)) if problem.walks else 1)
    if size <= SMALL and not run.is_proved and not budget.is_spent():
        answer = _try(run, [(c.a, c.v) for c in problem.candidates], None, seed)
        if answer is not None and answer.complete and (not problem.walks or Rooms(problem).are_exact):
            run.lower_bound_to(round(answer.bound) if answer.proved else int(answer.bound + 1e-6))
    elif size <= LARGE and not problem.walks:
        _by_relaxation(run)
    _by_neighbourhoods(run, seed)


def _by_relaxation(run: Run) -> None:
    """The relaxation of the whole model: a bound that knows the rules, and often the answer."""
    problem, budget = run.problem, run.budget
    if run.is_proved or budget.is_spent() or not run.kept or run.objective is None:
        return
    run.phase = "lp"
    model = CpSatModel(problem, [(c.a, c.v) for c in problem.candidates])
    for commitment in model.commitments:
        model.model.add(commitment == 1)
    goal = sum(value * variable for value, variable in model.terms)
    start = (run.committed, run.meetings, run.rooms)
    answer, bound = model.maximise_large(goal, start, run.objective, budget.half(), NODES)
    budget.spend(LP_WORK)
    if answer is not None:
        value = run.value_of(answer.committed, answer.meetings)
        run.offer(answer.committed, answer.meetings, value, kept=answer.complete, rooms=answer.rooms)
    if bound is not None:
        run.lower_bound_to(max(run.objective, math.floor(bound + WHOLE)))


def _seat_all(run: Run, committed: Commitments, slots: dict[Pair, int], *, complete: bool) -> None:
    """A first schedule at once: meetings take rooms in turn, pinned ones first; the rest is dropped."""
    problem = run.problem
    values = {(c.a, c.v): c.worth for c in problem.candidates}
    firm = {(pin.a, pin.v): pin.table is None for pin in problem.pinned}
    order = sorted(slots, key=lambda p: (p not in firm, firm.get(p, True), -values.get(p, 0), p))
    rooms = seat(problem, slots, order) if problem.walks else {}
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    held = {
        pair: slot for pair, slot in slots.items() if pair in rooms or pair in remote or not problem.walks
    }
    held, all_rest = rested(problem, committed, held, firm)
    held, all_within = limited(problem, held, run.measure.meeting, firm)
    kept = complete and all_rest and all_within and firm.keys() <= held.keys()
    committed = Commitments(
        committed.groups, {pair: slot for pair, slot in committed.pins.items() if pair in held}
    )
    run.offer(committed, held, run.value_of(committed, held), kept=kept, rooms=rooms)


def _try(
    run: Run,
    pairs: Iterable[Pair],
    choices: dict[Pair, tuple[int, ...]] | None,
    seed: int,
    work: float = WORK,
) -> CpSatAnswer | None:
    """Solve the model of these pairs and slots from the best so far, and keep what is better."""
    budget = run.budget
    if run.is_proved or budget.is_spent():
        return None
    model = CpSatModel(run.problem, pairs, choices)
    hint = (run.committed, run.meetings)
    answer = model.solve(hint, run.rooms, work=work, seed=seed, budget=budget)
    budget.spend(work)
    if answer is not None:
        value = run.value_of(answer.committed, answer.meetings)
        run.offer(answer.committed, answer.meetings, value, kept=answer.complete, rooms=answer.rooms)
    return answer


def _by_neighbourhoods(run: Run, seed: int) -> None:
    """Free a few consecutive slots and solve them, all rooms open, until nothing improves."""
    run.phase = "neighbourhoods"
    problem, rng, quiet = run.problem, random.Random(seed), 0  # noqa: S311 - a search, not a secret
    while not run.is_proved and not run.budget.is_spent() and quiet < PATIENCE:
        start = rng.randrange(max(1, problem.slots - WIDTH + 1))
        free = tuple(range(start, min(start + WIDTH, problem.slots)))
        choices = {pair: (slot,) for pair, slot in run.meetings.items() if slot not in free}
        pairs = [(c.a, c.v) for c in problem.candidates]
        everything = {pair: choices.get(pair, free) for pair in pairs}
        before = (run.kept, run.objective)
        _try(run, pairs, everything, seed + quiet)
        quiet = 0 if (run.kept, run.objective) > before else quiet + 1
