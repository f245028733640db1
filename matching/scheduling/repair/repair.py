"""Repairs a schedule after no-shows, late arrivals, lost tables, newcomers or an organiser's edits.

First what cannot stand is let go and what frees itself is filled, moving nobody; then, on request, the best
schedule at a price for each activity changed and at most so many changes per person. Both are optima of one
model (see `model`), beyond a size of the solver's and of the time-indexed model. What has begun is
history: it stays as it was, tables included, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from matching.scheduling.bounds.relaxation import relaxed_bound
from matching.scheduling.budget import Budget
from matching.scheduling.model.errors import SchedulingError
from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Pin, Problem
from matching.scheduling.model.schedule import Schedule, relative_gap, worth
from matching.scheduling.repair.changes import (
    Change,
    Lost,
    SessionChange,
    meeting_changes,
    paid_changes,
    session_changes,
)
from matching.scheduling.repair.commitments import not_held, not_kept, without_impossible, without_lost
from matching.scheduling.repair.events import Event, apply_events
from matching.scheduling.repair.filling import WORK, fill, secure
from matching.scheduling.repair.model import ROUNDING, Found, RepairModel
from matching.scheduling.repair.moves import best_moves
from matching.scheduling.repair.published import check_published, with_history
from matching.scheduling.repair.seating import seated
from matching.scheduling.repair.standing import Standing, standing
from matching.scheduling.verify.check import check

SMALL = 4_000  # pairs times slots up to which the whole model is solved
FILL_WORK = 30.0
FIRST_WORK = 0.05


@dataclass(frozen=True, slots=True)
class Repair:
    """The problem left (its past pinned), the repaired schedule and its differences to what was published.

    `lost`: pins and sessions that can be kept no more. Those that nothing could keep (an absent host) are out
    of the problem left; where others stand in each other's way the schedule is "infeasible" as it stands.
    `paid`: the price of the changes; objective - paid is what was maximised, and the schedule's bound - paid
    bounds it. With nobody moved the bound is that of repairs that move nobody."""

    problem: Problem
    schedule: Schedule
    dropped: tuple[Change, ...]
    moved: tuple[Change, ...]
    added: tuple[Change, ...]
    sessions: tuple[SessionChange, ...] = ()
    lost: tuple[Lost, ...] = ()
    paid: float = 0


def repair(
    problem: Problem,
    published: Schedule,
    events: Iterable[Event],
    *,
    started: int = 0,
    allow_moves: bool = False,
    price: float = 1,
    cap: int | None = None,
    time_limit_s: float = 10,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
) -> Repair:
    """Repair from slot `started` on (earlier ones are frozen); `price` in points for each activity moved or
    given up, `cap` how many per person. Stopped, it moves nobody.

    Raises ProblemError where an event or the schedule speaks of what the problem does not know, or where the
    schedule contradicts itself."""
    check_published(problem, published)
    asked = apply_events(problem, events, started)
    left, lost = without_impossible(asked, with_history(asked, published, started), published, started)
    stands = standing(left, published)
    objective = Objective(left, (price,))
    filled = _filled(left, stands, objective, started, seed, FIRST_WORK if allow_moves else WORK)
    found = filled
    if allow_moves:
        budget = Budget(time_limit_s, None, should_stop)
        people = paid_changes(stands, filled, filled)[1]
        caps = None if cap is None else {p.id: max(cap, people[p.id]) for p in left.participants}
        found = _Priced(left, stands, objective, started, filled, price, caps).best(seed, budget)
    conflicts = not_kept(left, found, seed)
    answer = Repair(
        left,
        seated(left, published, found, started),
        *meeting_changes(left, stands, filled, found),
        session_changes(stands, {g.id: g.vendors for g in published.groups}, found),
        (*lost, *conflicts),
        price * paid_changes(stands, filled, found)[0] if allow_moves else 0,
    )
    return _verified(answer, objective, found, conflicts)


def _filled(  # noqa: PLR0917
    left: Problem, stands: Standing, objective: Objective, started: int, seed: int, work: float
) -> Found:
    """The best repair that moves nobody; a good one is enough where meetings may move afterwards."""
    start = secure(left, stands)
    if len(left.candidates) * left.slots > SMALL:
        found = fill(left, objective, start, seed, work)
        if found is not None:
            return found  # every commitment kept
    found = (
        RepairModel(left, stands, objective, started).fill(start, seed, Budget(None, FILL_WORK, None))
        or start
    )
    return replace(found, complete=not not_held(left, found))


@dataclass(slots=True)
class _Priced:
    """A repair that may move what stands, at a price, from one that moves nobody."""

    left: Problem
    stands: Standing
    objective: Objective
    started: int
    filled: Found
    price: float
    caps: dict[str, int] | None

    def best(self, seed: int, budget: Budget) -> Found:
        """The better of what is found and of moving nobody, with what is proved of all of them."""
        found: Found | None = None
        if not budget.cancelled():
            by_time_index = not self._is_small() and self._is_core()
            found = self._by_time_index(budget) if by_time_index else self._whole(seed, budget)
        best = self.filled if found is None or self._net(found) < self._net(self.filled) else found
        bound = None if found is None else found.bound
        return replace(best, bound=self._relaxed() if bound is None else bound)

    def _net(self, found: Found) -> int:
        seats = [(name, v) for name, (_, vendors) in found.committed.groups.items() for v in vendors]
        paid = paid_changes(self.stands, self.filled, found)[0]
        return self.objective.value(found.meetings.items(), seats) - self.objective.scaled(self.price) * paid

    def _is_small(self) -> bool:
        return len(self.left.candidates) * self.left.slots <= SMALL

    def _is_core(self) -> bool:
        """Whether the time-indexed model says everything: no further rule, commitments without a choice."""
        pins = any((pin.slot is None and pin.table is not None) or pin.slots for pin in self.left.pinned)
        groups = any(g.slots is None or len(g.slots) > 1 or g.min < len(g.vendors) for g in self.left.groups)
        return self.left.is_core and self.filled.complete and not pins and not groups

    def _whole(self, seed: int, budget: Budget) -> Found | None:
        model = RepairModel(self.left, self.stands, self.objective, self.started)
        reached = None if self._is_small() else self._net(self.filled)
        return model.move(self.filled, self.objective.scaled(self.price), self.caps, seed, budget, reached)

    def _by_time_index(self, budget: Budget) -> Found:
        """Meetings alone may move."""
        left, filled = self.left, self.filled
        firm = {(pin.a, pin.v) for pin in left.pinned if pin != Pin(pin.a, pin.v)}
        pins = {pair: slot for pair, slot in filled.meetings.items() if pair in firm}
        slots, bound = best_moves(
            left,
            filled.meetings,
            Commitments(filled.committed.groups, pins),
            self.stands.old,
            price=self.price,
            cap=self.caps,
            budget=budget,
        )
        scaled = None if bound is None else int(bound * self.objective.scale + ROUNDING)
        return Found(filled.committed, slots, {}, scaled)

    def _relaxed(self) -> int:
        return self.objective.scaled(relaxed_bound(self.left) / Objective(self.left).scale)


def _verified(answer: Repair, objective: Objective, found: Found, conflicts: list[Lost]) -> Repair:
    """The repair with its figures, once the checker has nothing against it."""
    schedule = answer.schedule
    value = objective.points(objective.value(*worth(schedule)))
    bound = value if found.bound is None else objective.points(found.bound) + answer.paid
    bound = max(bound, value)
    gap = relative_gap(value, bound)
    proved = found.bound is not None and value >= bound
    status = "infeasible" if conflicts else "optimal" if proved else "feasible"
    schedule = replace(schedule, objective=value, bound=bound, gap=gap, status=status)
    if faults := check(without_lost(answer.problem, conflicts), schedule):
        raise SchedulingError(f"the repair broke a rule: {faults[0]}")
    return replace(answer, schedule=schedule)
