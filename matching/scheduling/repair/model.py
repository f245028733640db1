"""One model of a repair: the problem left, what stands as hints, changes at a price, nothing else fixed."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from matching.scheduling.budget import Budget
from matching.scheduling.exact.cp_sat import CpSatAnswer, CpSatModel
from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Problem
from matching.scheduling.repair.standing import Standing

Pair = tuple[str, str]
WORK = 5.0
ROUNDING = 1e-6


@dataclass(slots=True)
class Found:
    """A repaired choice of slots; `bound` on its net value in scaled points where `proved` or known."""

    committed: Commitments
    meetings: dict[Pair, int]
    rooms: dict[Pair, str]
    bound: int | None = None
    complete: bool = True


class RepairModel:
    """The whole problem with a mark on each activity that keeps its published place."""

    def __init__(self, problem: Problem, stands: Standing, objective: Objective, started: int) -> None:
        self.problem = problem
        self.stands = stands
        self.cp = CpSatModel(problem, [(c.a, c.v) for c in problem.candidates], None, objective)
        self._hold_history(started)
        self.meeting_kept = {
            pair: self.cp.x[pair][slot]
            for pair, slot in stands.meetings.items()
            if slot in self.cp.x.get(pair, {})
        }
        self.group_kept = {name: self.cp.g[name][slot] for name, slot in stands.groups.items()}
        self.seat_kept = {
            (name, v): self.cp.seat[name, v][stands.groups[name]]
            for name, v in sorted(stands.seats)
            if name in stands.groups
        }

    def _hold_history(self, started: int) -> None:
        """No commitment to come is worth a change of the past."""
        past = [self.cp.x[pin.a, pin.v] for pin in self.problem.pinned if _is_past(pin.slot, started)]
        past += [self.cp.g[g.id] for g in self.problem.groups if g.slots and _is_past(max(g.slots), started)]
        for at in past:
            self.cp.model.add(sum(at.values()) == 1)

    def fill(self, hint: Found, seed: int, budget: Budget) -> Found | None:
        """As many commitments as can be, then as much kept in place as can be, then most points."""
        kept = [*self.meeting_kept.values(), *self.group_kept.values(), *self.seat_kept.values()]
        best: Found | None = None
        proved = True
        for goal in (self.cp.commitments, kept):
            if not goal:
                continue
            start = hint if best is None else best
            self.cp.hint(start.committed, start.meetings, start.rooms)
            answer = self.cp.maximise(sum(goal), work=WORK, seed=seed, budget=budget)
            if answer is None:
                return best
            proved, best = proved and answer.proved, _found(answer, None)
            self.cp.model.add(sum(goal) >= round(answer.value))
        start = hint if best is None else best
        self.cp.hint(start.committed, start.meetings, start.rooms)
        answer = self.cp.maximise(_score(self.cp), work=WORK, seed=seed, budget=budget)
        if answer is None:
            return best
        return _found(answer, _whole(answer) if proved else None)

    def move(  # noqa: PLR0917
        self,
        start: Found,
        scaled_price: int,
        cap: dict[str, int] | None,
        seed: int,
        budget: Budget,
        reached: int | None,
    ) -> Found | None:
        """The most points less the price of changes, from a repair that moves nobody, whose own net value is
        `reached`: given where the model is so large that its relaxation comes first."""
        if self.cp.commitments:
            held = len(self.cp.commitments) - self._missing(start)
            self.cp.model.add(sum(self.cp.commitments) >= held)
        changes = self._changes(start)
        if cap is not None:
            by_person: dict[str, list[Any]] = defaultdict(list)
            for expression, _, people in changes:
                for identifier in people:
                    by_person[identifier].append(expression)
            for identifier, mine in by_person.items():
                self.cp.model.add(sum(mine) <= cap[identifier])
        self.cp.hint(start.committed, start.meetings, start.rooms)
        price = sum(count for _, count, _ in changes)
        goal = _score(self.cp) - scaled_price * price
        if reached is None:
            answer = self.cp.maximise(goal, work=WORK, seed=seed, budget=budget)
        else:
            known = (start.committed, start.meetings, start.rooms)
            answer, bound = self.cp.maximise_large(goal, known, reached, budget)
            if answer is None and bound is not None:
                return replace(start, bound=max(reached, math.floor(bound + ROUNDING)))
        return None if answer is None else _found(answer, _whole(answer))

    def _changes(self, start: Found) -> list[tuple[Any, Any, tuple[str, ...]]]:
        """Each possible change: whether it happens to its people, what of it is paid, those people."""
        found: list[tuple[Any, Any, tuple[str, ...]]] = []
        for pair, at in self.cp.x.items():
            kept = self.meeting_kept.get(pair)
            old = self.stands.old.get(pair)
            if kept is not None and start.meetings.get(pair) == old:
                found.append((1 - kept, 1 - kept, pair))
            elif old is not None:
                elsewhere = sum(x for slot, x in at.items() if slot != old)
                found.append((elsewhere, elsewhere, pair))
        for name, kept in self.group_kept.items():
            held = start.committed.groups.get(name)
            if held is None or held[0] != self.stands.groups[name]:
                continue
            found.append((1 - kept, 1 - kept, (self.stands.hosts[name],)))
            found += [
                (1 - seat, kept - seat, (vendor,))
                for (group, vendor), seat in self.seat_kept.items()
                if group == name and vendor in held[1]
            ]
        return found

    def _missing(self, start: Found) -> int:
        pins = sum((pin.a, pin.v) not in start.meetings for pin in self.problem.pinned)
        return pins + sum(group.id not in start.committed.groups for group in self.problem.groups)


def _is_past(slot: int | None, started: int) -> bool:
    return slot is not None and slot < started


def _score(model: CpSatModel) -> Any:
    return sum(value * variable for value, variable in model.terms)


def _whole(answer: CpSatAnswer) -> int:
    return round(answer.bound) if answer.proved else int(answer.bound + ROUNDING)


def _found(answer: CpSatAnswer, bound: int | None) -> Found:
    return Found(answer.committed, answer.meetings, answer.rooms, bound, answer.complete)
