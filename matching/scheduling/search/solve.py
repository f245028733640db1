"""Solves a problem: commitments, flow bound, colouring, ejection, exact slots, exact small models."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from matching.scheduling.bounds.flow import best_meetings
from matching.scheduling.bounds.relaxation import relaxed_bound
from matching.scheduling.breaks.polish import polish
from matching.scheduling.budget import STEPS_PER_UNIT, Budget
from matching.scheduling.construct.ejection import eject
from matching.scheduling.construct.grid import Grid
from matching.scheduling.construct.kempe import colour
from matching.scheduling.construct.reoptimise import reoptimise
from matching.scheduling.exact.commitments import commit, commit_everything
from matching.scheduling.exact.cp_sat import CpSatModel
from matching.scheduling.model.diagnostics import Bottleneck, Replay
from matching.scheduling.model.errors import SchedulingError
from matching.scheduling.model.instance import Commitments, Instance, build_instance
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Progress, Schedule
from matching.scheduling.search.neighbourhoods import improve
from matching.scheduling.search.outcome import finish
from matching.scheduling.search.relaxed import merge, relax
from matching.scheduling.search.rules import with_rules
from matching.scheduling.search.run import Run
from matching.scheduling.studies.bottlenecks import minimums_bottlenecks
from matching.scheduling.studies.conflicts import commitments_bottleneck
from matching.scheduling.verify.check import check

__all__ = ["Progress", "Schedule", "solve"]

SMALL = 1_500  # pairs times slots up to which the whole model is worth its start-up
MEDIUM = 40_000  # the same where sessions have a choice that the layers before do not question
WORK_SMALL, WORK_MEDIUM = 5.0, 20.0
ROUNDS = 4
SEARCH_SHARE = 0.9  # of the seconds, where polish follows
POLISH_PER_MEETING = 0.001
MOST_POLISH = 0.6
TOO_MANY_TO_POLISH = 10_000  # meetings: so little work would change nothing


def solve(
    problem: Problem,
    *,
    time_limit_s: float | None = None,
    work_limit: float | None = None,
    seed: int = 0,
    previous: Schedule | None = None,
    polish_work: float | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    watch: Callable[[Callable[[], Schedule | None]], None] | None = None,
) -> Schedule:
    """The best schedule found, with a proven upper bound; then, at that value, with fewer breaks and moves.

    Deterministic for a seed and a work limit (see Budget; a default applies when neither limit is given); a
    time limit only cuts short. Stopping keeps the best so far. `previous` is a start to improve on, used as
    far as it is valid. `polish_work`: units spent on polish (None: some for each meeting, 0: none).
    `watch` is given once a way to read the best so far, None before there is one, from any thread."""
    share = 1.0 if polish_work == 0 else SEARCH_SHARE
    budget = Budget(None if time_limit_s is None else share * time_limit_s, work_limit, should_stop)
    run = Run(problem, budget, on_progress)
    if watch is not None:
        watch(lambda: finish(run) if run.kept else None)
    search = _run if problem.is_core else _ruled
    search(run, seed=seed, previous=previous)
    schedule = replace(finish(run), bottlenecks=_bottlenecks(run, seed))
    units = polish_units(schedule) if polish_work is None else polish_work
    cut = budget.was_cut
    if not (problem.is_core or problem.only_walks):
        units = 0.0  # polish knows no rests, preferences nor parallel meetings
    if units and run.kept and not budget.stopped():
        left = None if time_limit_s is None else max(0.0, time_limit_s - budget.elapsed_s)
        schedule = polish(
            problem, schedule, time_limit_s=left, work_limit=units, seed=seed, should_stop=should_stop
        )
        cut = cut or budget.stopped() or (left is not None and budget.elapsed_s >= (time_limit_s or 0))
    if run.kept and (found := check(problem, schedule)):
        raise SchedulingError(f"the solver broke a rule: {found[0]}")
    limit = None if budget.work_limit == math.inf else budget.work_limit
    return replace(schedule, replay=Replay(seed, limit, units, not cut and previous is None))


def polish_units(schedule: Schedule) -> float:
    """Units of work worth spending on breaks where nobody says how many: a fraction of a second."""
    meetings = len(schedule.meetings)
    return 0.0 if meetings > TOO_MANY_TO_POLISH else min(MOST_POLISH, round(POLISH_PER_MEETING * meetings, 3))


def _ruled(run: Run, *, seed: int, previous: Schedule | None) -> None:
    """First as if nobody had to walk nor to rest, on half of what may be spent."""
    budget, core = run.budget, relax(run.problem)
    relaxed = Run(core.problem, budget.half(), None)
    _run(relaxed, seed=seed, previous=previous)
    budget.spend(relaxed.budget.work)
    budget.was_cut = relaxed.budget.was_cut
    schedule = merge(finish(relaxed))
    with_rules(run, schedule if core.bound is None else replace(schedule, bound=core.bound), seed=seed)


def _run(run: Run, *, seed: int, previous: Schedule | None) -> None:
    problem, budget = run.problem, run.budget
    committed, complete, no_choice = commit(problem, seed)
    instance = build_instance(problem, committed)
    run.phase = "flow"
    chosen = _bound(run, instance, no_choice=no_choice)
    run.phase = "colouring"
    if previous is not None:
        _start_from(run, committed, instance, previous, complete=complete)
    grid = _search(run, committed, instance, chosen, complete=complete, seed=seed)
    if complete and not run.kept:  # also where cancelled: see `uncut`
        committed, complete = commit_everything(problem, seed)
        instance = build_instance(problem, committed)
        chosen, _ = best_meetings(instance)
        grid = _search(run, committed, instance, chosen, complete=complete, seed=seed)
        no_choice = False
    _solve_whole(run, seed, SMALL, WORK_SMALL)
    if run.kept and not run.is_proved and not budget.is_spent():
        improve(run, committed, grid, seed, exact_bound=no_choice)
    if not no_choice and SMALL < _size(problem) <= MEDIUM:
        _solve_whole(run, seed, MEDIUM, WORK_MEDIUM)  # sessions may move too


def _bottlenecks(run: Run, seed: int) -> tuple[Bottleneck, ...]:
    """Why commitments could not be kept, or minimums not met."""
    if run.budget.stopped():
        return ()
    if not run.kept:
        return commitments_bottleneck(run.problem, seed)
    counts = Counter(identifier for pair in run.meetings for identifier in pair)
    if all(counts[person.id] >= person.min for person in run.problem.participants):
        return ()
    return minimums_bottlenecks(run.problem)


def _bound(run: Run, instance: Instance, *, no_choice: bool) -> list[int]:
    """Prove the flow bound; return the meetings of the flow around the committed commitments."""
    chosen, value = best_meetings(instance)
    if no_choice:
        run.lower_bound_to(value + instance.base)
        return chosen
    run.lower_bound_to(relaxed_bound(run.problem))
    return chosen


def _start_from(
    run: Run, committed: Commitments, instance: Instance, previous: Schedule, *, complete: bool
) -> None:
    """Offer what still stands of an earlier schedule."""
    grid = Grid(instance)
    slots = {(meeting.a, meeting.v): meeting.slot for meeting in previous.meetings}
    for meeting, pair in enumerate(instance.pairs):
        slot = slots.get(pair, -1)
        if 0 <= slot < instance.slots and grid.fits(meeting, slot):
            grid.place(meeting, slot)
    run.offer_grid(committed, instance, grid, kept=complete)


def _search(
    run: Run, committed: Commitments, instance: Instance, chosen: list[int], *, complete: bool, seed: int
) -> Grid:
    budget = run.budget
    target = (run.bound or 0) - instance.base
    grid = Grid(instance)
    waiting = colour(grid, chosen)
    run.offer_grid(committed, instance, grid, kept=complete)
    rng = random.Random(seed)  # noqa: S311 - a search, not a secret
    for _ in range(ROUNDS):
        if run.is_proved or budget.is_spent():
            break
        run.phase = "ejection"
        steps = min(STEPS_PER_UNIT, 200 + 20 * len(waiting))
        eject(grid, waiting, steps, rng, budget.cancelled)
        budget.spend(steps / STEPS_PER_UNIT)
        run.offer_grid(committed, instance, grid, kept=complete)
        run.phase = "slots"
        reoptimise(grid, target, budget.cancelled)
        run.offer_grid(committed, instance, grid, kept=complete)
        waiting = [meeting for meeting in chosen if grid.slot[meeting] < 0]
    return grid


def _size(problem: Problem) -> int:
    return len(problem.candidates) * problem.slots


def _solve_whole(run: Run, seed: int, largest: int, most: float) -> None:
    """The whole model at once where it is small enough, for at most so much work."""
    problem, budget = run.problem, run.budget
    if run.is_proved or budget.is_spent() or _size(problem) > largest:
        return
    run.phase = "exact"
    model = CpSatModel(problem, [(c.a, c.v) for c in problem.candidates])
    hint = (run.committed, run.meetings) if run.objective is not None else None
    left = None if budget.work_limit is None else budget.work_limit - budget.work
    work = most if left is None else min(most, left)
    answer = model.solve(hint, work=work, seed=seed, budget=budget)
    budget.spend(work)
    if answer is None:
        return
    if answer.complete:
        run.lower_bound_to(round(answer.bound) if answer.proved else int(answer.bound + 1e-6))
    run.offer(
        answer.committed,
        answer.meetings,
        run.value_of(answer.committed, answer.meetings),
        kept=answer.complete,
    )
