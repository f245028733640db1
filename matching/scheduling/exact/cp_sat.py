"""The whole problem as one CP-SAT model: commits sessions and pins, and solves small problems exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from matching.scheduling.budget import Budget
from matching.scheduling.exact.cp_rooms import add_rooms
from matching.scheduling.exact.linear import NODES, WHOLE, decide, relaxation, solve_lp
from matching.scheduling.model.instance import Commitments
from matching.scheduling.model.limits import limits
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Participant, Problem
from matching.scheduling.model.rests import rests

Pair = tuple[str, str]
Start = tuple[Commitments, Mapping[Pair, int], Mapping[Pair, str]]
LP_SHARE = 0.6  # of the seconds left


@dataclass(slots=True)
class CpSatAnswer:
    """Sessions and meetings found, the goal's value and a bound on it, whether every commitment is kept."""

    committed: Commitments
    meetings: dict[Pair, int]
    bound: float
    complete: bool
    proved: bool
    rooms: dict[Pair, str] = field(default_factory=dict)
    value: float = 0


class CpSatModel:
    """Variables: pair at slot (in a room where some are far apart), group at slot, vendor in group at slot.

    `choices` narrows the slots of some pairs. Commitments dominate the points."""

    def __init__(
        self,
        problem: Problem,
        pairs: Iterable[Pair],
        choices: Mapping[Pair, Collection[int]] | None = None,
        objective: Objective | None = None,
    ) -> None:
        from ortools.sat.python import cp_model  # heavy

        self.problem = problem
        self.cp = cp_model
        self.model: Any = cp_model.CpModel()
        self.objective = Objective(problem) if objective is None else objective
        self.people = {person.id: person for person in problem.participants}
        self.remote = {(c.a, c.v) for c in problem.candidates if c.remote}
        self.pins = {(pin.a, pin.v): pin for pin in problem.pinned}
        self.busy: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.terms: list[Any] = []
        self.commitments: list[Any] = []
        self.names: list[tuple[str, ...]] = []  # of the commitments: a pair, or a session
        self.choices = choices or {}
        self.x: dict[Pair, dict[int, Any]] = {}
        self.room_of: dict[tuple[Pair, int], dict[str, Any]] = {}
        self.g: dict[str, dict[int, Any]] = {}
        self.seat: dict[tuple[str, str], dict[int, Any]] = {}
        forbidden = set(problem.forbidden)
        for pair in dict.fromkeys([*self.pins, *pairs]):
            if pair not in forbidden:
                self._add_pair(pair)
        for group in problem.groups:
            self._add_group(group)
        self._add_limits()
        self._add_counts()
        if problem.walks:
            self.room_of = add_rooms(self.model, problem, self.x)

    def _add_pair(self, pair: Pair) -> None:
        first, second = (self.people[identifier] for identifier in pair)
        pin = self.pins.get(pair)
        slots = self.choices.get(pair, range(self.problem.slots))
        if pin is None:
            slots = [slot for slot in slots if slot >= self.problem.started]
        slots = slots if pin is None or pin.slot is None else (pin.slot,)
        if pin is not None and pin.slots is not None:
            slots = [slot for slot in slots if slot in pin.slots]
        least = 0 if pair in self.remote else 1 if pin is None or pin.table is None else pin.table + 1
        at = {
            slot: self.model.new_bool_var("")
            for slot in slots
            if first.is_available(slot) and second.is_available(slot) and self.problem.tables[slot] >= least
        }
        self.x[pair] = at
        self.model.add_at_most_one(at.values())
        for slot, variable in at.items():
            self.busy[pair[0], slot].append(variable)
            self.busy[pair[1], slot].append(variable)
            if pin is not None and pin.table is not None:
                self.busy[f"table\0{pin.table}", slot].append(variable)
            self.terms.append((self.objective.at(pair, slot), variable))
        if pin is not None:
            self.commitments.append(sum(at.values()))
            self.names.append(pair)

    def _add_group(self, group: Any) -> None:
        slots = range(self.problem.slots) if group.slots is None else group.slots
        host = self.people[group.ambassador]
        at = {slot: self.model.new_bool_var("") for slot in slots if host.is_available(slot)}
        self.g[group.id] = at
        self.model.add_at_most_one(at.values())
        self.commitments.append(sum(at.values()))
        self.names.append((group.id,))
        for slot, held in at.items():
            self.busy[host.id, slot].append(held)
            seats = []
            for seat in group.vendors:
                if self.people[seat.v].is_available(slot):
                    taken = self.model.new_bool_var("")
                    self.model.add_implication(taken, held)
                    self.busy[seat.v, slot].append(taken)
                    self.seat.setdefault((group.id, seat.v), {})[slot] = taken
                    self.terms.append((self.objective.seat[group.id, seat.v], taken))
                    seats.append(taken)
            self.model.add(sum(seats) <= group.cap * held)
            self.model.add(sum(seats) >= group.min * held)

    def _add_limits(self) -> None:
        for (name, slot), variables in self.busy.items():
            person = self.people.get(name)
            if person is None or not person.is_parallel:
                self.model.add_at_most_one(variables)
            else:
                self.model.add(sum(variables) <= person.capacity(slot))
        for person in self.problem.participants:
            if person.has_rests:
                self._add_rests(person)
        for slot in range(self.problem.slots):
            seated = [at[slot] for pair, at in self.x.items() if slot in at and pair not in self.remote]
            self.model.add(sum(seated) <= self.problem.tables[slot])
            rooms = [at[slot] for at in self.g.values() if slot in at]
            self.model.add(sum(rooms) <= self.problem.rooms)
        mine: dict[str, list[Any]] = defaultdict(list)
        for pair, at in self.x.items():
            for identifier in pair:
                mine[identifier].extend(at.values())
        for person in self.problem.participants:
            variables = mine[person.id]
            if person.max is not None:
                self.model.add(sum(variables) <= person.max)
            if person.min:
                short = self.model.new_int_var(0, person.min, "")
                self.model.add(short + sum(variables) >= person.min)
                self.terms.append((-self.objective.penalty, short))

    def _add_counts(self) -> None:
        """Limits across people, slots and days; what is missing to floors costs the penalty."""
        for limit in limits(self.problem):
            load = sum(
                weight * self.x[pair][slot]
                for pair, slots, weight in limit.terms
                if pair in self.x
                for slot in slots
                if slot in self.x[pair]
            )
            if limit.most is not None:
                self.model.add(load <= limit.most)
            elif limit.most_missing:
                short = self.model.new_int_var(0, limit.most_missing, "")
                self.model.add(load + limit.unit * short >= limit.least)
                self.terms.append((-self.objective.penalty, short))

    def _add_rests(self, person: Participant) -> None:
        """Of each of these sets of slots only so many may be busy."""
        busy: dict[int, Any] = {}
        for slot in range(self.problem.slots):
            here = self.busy.get((person.id, slot))
            if not here:
                continue
            busy[slot] = sum(here)
            if person.is_parallel:
                busy[slot] = self.model.new_bool_var("")
                for variable in here:
                    self.model.add_implication(variable, busy[slot])
        for _, slots, most in rests(self.problem, person):
            known = [busy[slot] for slot in slots if slot in busy]
            if len(known) > most:
                self.model.add(sum(known) <= most)

    def solve(
        self,
        hint: tuple[Commitments, Mapping[Pair, int]] | None,
        rooms: Mapping[Pair, str] | None = None,
        *,
        work: float,
        seed: int,
        budget: Budget,
    ) -> CpSatAnswer | None:
        """The best found within `work` units of CP-SAT's deterministic time; None where nothing was found."""
        least = sum(person.min for person in self.problem.participants)
        least += sum(floor.most_missing for floor in self.objective.floors)
        weight = (
            1 + sum(v for v, _ in self.terms if v > 0) + self.objective.penalty * least + self._dislikes()
        )
        score = sum(value * variable for value, variable in self.terms)
        if hint is not None:
            self.hint(*hint, rooms or {})
        answer = self.maximise(score + weight * sum(self.commitments), work=work, seed=seed, budget=budget)
        if answer is not None:
            answer.bound -= weight * len(self.commitments)
        return answer

    def _dislikes(self) -> int:
        """What slots that cost points could cost in all."""
        return sum(max(0, -points) for bonus in self.objective.bonus.values() for points in bonus.values())

    def maximise(self, goal: Any, *, work: float, seed: int, budget: Budget) -> CpSatAnswer | None:
        """The best found for a goal of the caller's, whose value the bound then limits."""
        self.model.maximize(goal)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.catch_sigint_signal = False  # Ctrl-C is ours
        status = budget.wait_for(lambda: solver.solve(self.model), solver.stop_search)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        return self._answer(
            lambda variable: bool(solver.value(variable)),
            (solver.objective_value, solver.best_objective_bound),
            proved=status == self.cp.OPTIMAL,
        )

    def maximise_large(
        self, goal: Any, start: Start, reached: float, budget: Budget, nodes: int = NODES
    ) -> tuple[CpSatAnswer | None, float | None]:
        """Something better than `start`, which is worth `reached`, by linear programs where the relaxation
        nearly decides; and a bound on all, None where the relaxation did not end."""
        import numpy as np

        self.model.maximize(goal)
        program = relaxation(self.model.proto)
        seconds = None if budget.seconds_left is None else budget.seconds_left * LP_SHARE
        relaxed = budget.wait_for(lambda: solve_lp(program, seconds))
        if relaxed is None:
            return None, None
        now = np.zeros(program.columns, dtype=bool)
        now[[variable.index for variable in self._held(*start)]] = True
        now |= program.limits > 1  # counts, such as what is missing to a minimum
        x, bound = decide(program, relaxed, now, reached, budget, nodes)
        if x is None:
            return None, bound
        value = program.constant - float(program.cost @ x.round())
        proved = value >= math.floor(bound + WHOLE)
        figures = (value, bound)
        return self._answer(lambda variable: x[variable.index] > 0.5, figures, proved=proved), bound

    def _answer(
        self, held: Callable[[Any], bool], figures: tuple[float, float], *, proved: bool
    ) -> CpSatAnswer:
        committed = self._committed(held)
        return CpSatAnswer(
            committed,
            {pair: slot for pair, at in self.x.items() for slot, x in at.items() if held(x)},
            figures[1],
            len(committed.groups) + len(committed.pins) == len(self.commitments),
            proved,
            {pair: room for (pair, _), at in self.room_of.items() for room, x in at.items() if held(x)},
            figures[0],
        )

    def _committed(self, held: Callable[[Any], bool]) -> Commitments:
        groups = {}
        for identifier, at in self.g.items():
            for slot, session in at.items():
                if held(session):
                    vendors = [
                        v
                        for (group, v), seats in self.seat.items()
                        if group == identifier and slot in seats and held(seats[slot])
                    ]
                    groups[identifier] = (slot, tuple(vendors))
        pins = {pair: slot for pair in self.pins for slot, x in self.x.get(pair, {}).items() if held(x)}
        return Commitments(groups, pins)

    def hint(self, committed: Commitments, meetings: Mapping[Pair, int], rooms: Mapping[Pair, str]) -> None:
        """Where to start the search."""
        self.model.clear_hints()
        held = {variable.index for variable in self._held(committed, meetings, rooms)}
        everything: list[Mapping[Any, Any]] = [*self.room_of.values(), *self.x.values()]
        for at in (*everything, *self.g.values(), *self.seat.values()):
            for variable in at.values():
                self.model.add_hint(variable, variable.index in held)

    def _held(
        self, committed: Commitments, meetings: Mapping[Pair, int], rooms: Mapping[Pair, str]
    ) -> Iterator[Any]:
        """The variables that these meetings, sessions and rooms make true."""
        for pair, slot in meetings.items():
            if slot in self.x.get(pair, {}):
                yield self.x[pair][slot]
            room = rooms.get(pair)
            if room is not None and room in self.room_of.get((pair, slot), {}):
                yield self.room_of[pair, slot][room]
        for name, (slot, vendors) in committed.groups.items():
            if slot in self.g.get(name, {}):
                yield self.g[name][slot]
            for vendor in vendors:
                if slot in self.seat.get((name, vendor), {}):
                    yield self.seat[name, vendor][slot]
