"""One run of the solver: the best grid so far, the proven bound, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matching.scheduling.budget import Budget
from matching.scheduling.construct.grid import Grid
from matching.scheduling.model.instance import Commitments, Instance
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Progress, relative_gap

Pair = tuple[str, str]


class Run:
    """Best meetings and commitments with their value in scaled points; `bound` never rises."""

    def __init__(self, problem: Problem, budget: Budget, tell: Callable[[Progress], None] | None) -> None:
        self.problem = problem
        self.budget = budget
        self.tell = tell
        self.phase = "reading"
        self.measure = Objective(problem)
        self.bound: int | None = None
        self.objective: int | None = None
        self.committed = Commitments()
        self.meetings: dict[Pair, int] = {}
        self.rooms: dict[Pair, str] = {}
        self.kept = False

    @property
    def is_proved(self) -> bool:
        """Whether the best is as good as the bound, every commitment kept."""
        return (
            self.kept
            and self.bound is not None
            and self.objective is not None
            and self.objective >= self.bound
        )

    def lower_bound_to(self, bound: int) -> None:
        """Take a proven upper bound if it is tighter."""
        if self.bound is None or bound < self.bound:
            self.bound = bound
            self.report()

    def offer(
        self,
        committed: Commitments,
        meetings: dict[Pair, int],
        objective: int,
        *,
        kept: bool,
        rooms: dict[Pair, str] | None = None,
    ) -> bool:
        """Keep a valid schedule if it is better; commitments kept come before points."""
        if self.objective is not None and (kept, objective) <= (self.kept, self.objective):
            return False
        self.committed, self.meetings, self.objective, self.kept = committed, meetings, objective, kept
        self.rooms = rooms or {}
        self.report()
        return True

    def value_of(self, committed: Commitments, meetings: Mapping[Pair, int]) -> int:
        """The objective in scaled points, from the problem itself."""
        seats = [(group, v) for group, (_, vendors) in committed.groups.items() for v in vendors]
        return self.measure.value(meetings.items(), seats)

    def offer_grid(
        self, committed: Commitments, instance: Instance, grid: Grid, *, kept: bool = True
    ) -> bool:
        """Keep the content of a grid if it is better."""
        meetings = dict(committed.pins)
        for meeting, slot in enumerate(grid.slot):
            if slot >= 0:
                meetings[instance.pairs[meeting]] = slot
        placed = sum(instance.must[m] for m, slot in enumerate(grid.slot) if slot >= 0)
        missing = sum(instance.must) - placed
        value = grid.value + instance.base + missing * instance.bonus
        return self.offer(committed, meetings, value, kept=kept and not missing)

    def report(self) -> None:
        """Tell where the run stands, once every commitment is kept: before that a value means nothing."""
        if self.tell is None or not self.kept or self.objective is None or self.bound is None:
            return
        objective, bound = self.objective / self.measure.scale, self.bound / self.measure.scale
        self.tell(
            Progress(self.phase, objective, bound, relative_gap(objective, bound), self.budget.elapsed_s)
        )
