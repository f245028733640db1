"""Fewest breaks for given meetings, with a proof: SAT (CaDiCaL) on "at most k", k rising from 0.

Every k refuted is a proven lower bound. A local search gives a good answer at once; two processes prove, one
for each way of counting tables, because neither is always the faster and the solver cannot be interrupted:
when one has the proof, or at the time limit, all are ended, and what they told so far is the answer."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import connection
from typing import Any

from matching.scheduling.breaks.b2b import B2BInstance

UNLIMITED_S = 10**6
PATIENT = 4  # niceness of the proof, so that the answer comes first on a busy machine
IMPROVED_S = 12.0  # of local search: then both cores prove


@dataclass(frozen=True, slots=True)
class BreaksAnswer:
    """Breaks in all (None: no solution found), proven lower bound, slot of each meeting from 0."""

    breaks: int | None
    bound: int
    proved: bool
    seconds: float
    slots: tuple[int, ...]
    feasible: bool = True


def minimise_breaks(given: B2BInstance, time_limit_s: float | None = None) -> BreaksAnswer:
    """The slots with fewest breaks, or the best found in time with the bound proved by then."""
    started = time.perf_counter()
    deadline = started + (UNLIMITED_S if time_limit_s is None else time_limit_s)
    context = multiprocessing.get_context("fork")
    pipes, workers = [], []
    searches = [(_improve, min(deadline, started + IMPROVED_S)), (_search, True), (_search, False)]
    for search, detail in searches:
        receiver, sender = context.Pipe(duplex=False)
        worker = context.Process(target=search, args=(given, sender, detail), daemon=True)
        worker.start()
        sender.close()
        pipes.append(receiver)
        workers.append(worker)
    try:
        best, bound, feasible = _listen(given, pipes, deadline)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    breaks = count_breaks(given, best) if best is not None else None
    proved = not feasible or (breaks is not None and breaks <= bound)
    return BreaksAnswer(breaks, bound, proved, time.perf_counter() - started, tuple(best or ()), feasible)


def _listen(given: B2BInstance, pipes: list[Any], deadline: float) -> tuple[list[int] | None, int, bool]:
    """Best slots, proven bound and feasibility, until one search has its proof or the deadline is reached."""
    best: list[int] | None = None
    fewest, bound = UNLIMITED_S, 0
    while fewest > bound:
        ready: list[Any] = connection.wait(pipes, max(0.0, deadline - time.perf_counter()))
        if not ready:
            break
        for pipe in ready:
            try:
                kind, content = pipe.recv()
            except EOFError as error:
                pipes.remove(pipe)
                if pipes:
                    continue  # the local search has nothing left to improve
                raise RuntimeError("the search for fewest breaks ended without its proof") from error
            if kind == "infeasible":
                return None, 0, False
            if kind == "bound":
                bound = max(bound, content)
            elif (breaks := count_breaks(given, content)) < fewest:
                best, fewest = content, breaks
    return best, bound, True


def _improve(given: B2BInstance, sender: Any, deadline: float) -> None:
    """Better and better solutions from the first one that SAT finds."""
    from pysat.solvers import Solver  # heavy

    from matching.scheduling.breaks.local_search import LocalSearch
    from matching.scheduling.breaks.sat_model import BreaksModel

    model = BreaksModel(given)
    with Solver(name="cadical195", bootstrap_with=model.clauses) as solver:
        if not solver.solve():
            return
        slots = model.slots_of(solver.get_model())
    sender.send(("found", slots))
    search = LocalSearch(given, slots)
    search.run(lambda found: sender.send(("found", found)), deadline, random.Random(0))  # noqa: S311


def _search(given: B2BInstance, sender: Any, count_people: bool) -> None:
    from pysat.solvers import Solver  # heavy

    from matching.scheduling.breaks.sat_model import BreaksModel

    os.nice(PATIENT)
    model = BreaksModel(given, count_people=count_people)
    with Solver(name="cadical195", bootstrap_with=model.clauses) as solver:
        if not solver.solve():
            sender.send(("infeasible", None))
            return
        best = model.slots_of(solver.get_model())
        sender.send(("found", best))
        bound = 0
        while bound < count_breaks(given, best):
            assumptions, clauses = model.at_most(bound)
            solver.append_formula(clauses)
            if solver.solve(assumptions=assumptions):
                best = model.slots_of(solver.get_model())
                sender.send(("found", best))
            else:
                bound += 1
                sender.send(("bound", bound))


def count_breaks(given: B2BInstance, slots: list[int]) -> int:
    """Breaks over all people: maximal idle groups between two meetings of one person in one block."""
    return sum(breaks_of(given, slots))


def breaks_of(given: B2BInstance, slots: list[int]) -> list[int]:
    """Breaks of each person."""
    mine: list[list[int]] = [[] for _ in range(given.people)]
    for (first, second), slot in zip(given.pairs, slots, strict=True):
        mine[first].append(slot)
        mine[second].append(slot)
    return [idle_groups(found, given.blocks) for found in mine]


def idle_groups(slots: list[int], blocks: tuple[int, ...]) -> int:
    """Breaks of one person who is busy at these slots."""
    ordered = sorted(slots)
    return sum(
        later - sooner > 1 and not any(sooner < opening <= later for opening in blocks)
        for sooner, later in pairwise(ordered)
    )
