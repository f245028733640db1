"""Fewest breaks for given meetings, with a proof: SAT (CaDiCaL) on "at most k", k rising from 0.

Every k refuted is a proven lower bound. The search runs in a process of its own, because the solver cannot be
interrupted: at the time limit the process is ended and what it told so far is the answer."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matching.scheduling.given import GivenMeetings

UNLIMITED_S = 10**6


@dataclass(frozen=True, slots=True)
class BreaksAnswer:
    """Breaks in all (None: no solution found), proven lower bound, slot of each meeting from 0."""

    breaks: int | None
    bound: int
    proved: bool
    seconds: float
    slots: tuple[int, ...]
    feasible: bool = True


def minimise_breaks(given: GivenMeetings, time_limit_s: float | None = None) -> BreaksAnswer:
    """The slots with fewest breaks, or the best found in time with the bound proved by then."""
    started = time.perf_counter()
    deadline = started + (UNLIMITED_S if time_limit_s is None else time_limit_s)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=_search, args=(given, sender), daemon=True)
    worker.start()
    sender.close()
    best: list[int] = []
    bound, feasible = 0, True
    try:
        while receiver.poll(max(0.0, deadline - time.perf_counter())):
            kind, content = receiver.recv()
            if kind == "found":
                best = content
            elif kind == "bound":
                bound = content
            else:
                feasible = False
    except EOFError:  # the search is over
        worker.join()
        if worker.exitcode:
            raise RuntimeError("the search for fewest breaks ended with an error") from None
    worker.kill()
    worker.join()
    breaks = count_breaks(given, best) if best else (0 if not given.pairs else None)
    proved = not feasible or (breaks is not None and breaks <= bound)
    return BreaksAnswer(breaks, bound, proved, time.perf_counter() - started, tuple(best), feasible)


def _search(given: GivenMeetings, sender: Any) -> None:
    from pysat.solvers import Solver  # heavy

    from matching.scheduling.breaks_model import BreaksModel

    model = BreaksModel(given)
    with Solver(name="cadical195", bootstrap_with=model.clauses) as solver:
        if not solver.solve():
            sender.send(("infeasible", None))
            return
        best = model.slots_of(solver.get_model())
        sender.send(("found", best))
        bound = 0
        while bound < count_breaks(given, best):
            if solver.solve(assumptions=model.at_most(bound)):
                best = model.slots_of(solver.get_model())
                sender.send(("found", best))
            else:
                bound += 1
                sender.send(("bound", bound))


def count_breaks(given: GivenMeetings, slots: list[int]) -> int:
    """Breaks over all people: maximal idle groups between two meetings of one person in one block."""
    return sum(breaks_of(given, slots))


def breaks_of(given: GivenMeetings, slots: list[int]) -> list[int]:
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
