"""What the scheduling engine is compared with: greedy, round-robin by rank, plain CP-SAT."""

from __future__ import annotations

from collections import Counter
from typing import Any

from matching.scheduling.model.problem import Candidate, Problem

Slots = dict[tuple[str, str], int]


class Board:
    """Who is free when, with room at the tables."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        everything = (1 << problem.slots) - 1
        self.free = {
            p.id: everything if p.avail is None else sum(1 << s for s in p.avail)
            for p in problem.participants
        }
        self.limit = {p.id: problem.slots if p.max is None else p.max for p in problem.participants}
        self.count: Counter[str] = Counter()
        self.load = [0] * problem.slots
        self.slots: Slots = {}

    def hold(self, candidate: Candidate) -> bool:
        """Hold a meeting at its least loaded possible slot; False where there is none."""
        a, v = candidate.a, candidate.v
        if (a, v) in self.slots or self.count[a] >= self.limit[a] or self.count[v] >= self.limit[v]:
            return False
        common = self.free[a] & self.free[v]
        tables = self.problem.tables
        choices = [s for s in range(self.problem.slots) if common >> s & 1 and self.load[s] < tables[s]]
        if not choices:
            return False
        slot = min(choices, key=lambda s: self.load[s] - tables[s])
        self.slots[a, v] = slot
        self.load[slot] += 1
        for identifier in (a, v):
            self.free[identifier] &= ~(1 << slot)
            self.count[identifier] += 1
        return True

    @property
    def objective(self) -> float:
        """Points held, less the missing minimums."""
        values = {(c.a, c.v): c.w for c in self.problem.candidates}
        missing = sum(max(0, p.min - self.count[p.id]) for p in self.problem.participants)
        return sum(values[pair] for pair in self.slots) - self.problem.shortfall_penalty * missing


def greedy(problem: Problem) -> float:
    """Minimums first, then by value, each at its least loaded slot."""
    board = Board(problem)
    least = {p.id: p.min for p in problem.participants}
    ranked = sorted(problem.candidates, key=lambda c: -c.w)
    for candidate in ranked:
        if board.count[candidate.a] < least[candidate.a] or board.count[candidate.v] < least[candidate.v]:
            board.hold(candidate)
    for candidate in ranked:
        board.hold(candidate)
    return board.objective


def round_robin(problem: Problem) -> float:
    """Each administration in turn gets its best meeting still possible."""
    board = Board(problem)
    mine: dict[str, list[Candidate]] = {}
    for candidate in sorted(problem.candidates, key=lambda c: c.w):
        mine.setdefault(candidate.a, []).append(candidate)
    while any(mine.values()):
        for wishes in mine.values():
            _next_possible(board, wishes)
    return board.objective


def _next_possible(board: Board, wishes: list[Candidate]) -> None:
    while wishes:
        if board.hold(wishes.pop()):
            return


def plain_cp_sat(problem: Problem, seconds: float) -> float:
    """The textbook model given the same seconds; minus infinity where it finds nothing."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = {}
    window = {p.id: set(range(problem.slots) if p.avail is None else p.avail) for p in problem.participants}
    busy: dict[tuple[str, int], list[cp_model.IntVar]] = {}
    mine: dict[str, list[cp_model.IntVar]] = {p.id: [] for p in problem.participants}
    for number, candidate in enumerate(problem.candidates):
        for slot in window[candidate.a] & window[candidate.v]:
            variable = x[number, slot] = model.new_bool_var("")
            for identifier in (candidate.a, candidate.v):
                busy.setdefault((identifier, slot), []).append(variable)
                mine[identifier].append(variable)
    for number in range(len(problem.candidates)):
        model.add_at_most_one(x[number, slot] for slot in range(problem.slots) if (number, slot) in x)
    for variables in busy.values():
        model.add_at_most_one(variables)
    for slot, tables in enumerate(problem.tables):
        model.add(sum(variable for (_, at), variable in x.items() if at == slot) <= tables)
    score: list[Any] = [round(problem.candidates[number].w) * variable for (number, _), variable in x.items()]
    for person in problem.participants:
        if person.min:
            short = model.new_int_var(0, person.min, "")
            model.add(short + sum(mine[person.id]) >= person.min)
            score.append(-round(problem.shortfall_penalty) * short)
    model.maximize(sum(score))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    return solver.objective_value if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else float("-inf")
