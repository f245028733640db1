"""What a run comes to: its value in scaled points, and the schedule of its best."""

from __future__ import annotations

from matching.scheduling.instance import Settled
from matching.scheduling.reasons import explain
from matching.scheduling.run import Run
from matching.scheduling.solution import HeldGroup, Schedule, relative_gap
from matching.scheduling.tables import give_tables


def value_of(run: Run, settled: Settled, meetings: dict[tuple[str, str], int]) -> int:
    """The objective in scaled points, from the problem itself."""
    problem, scale = run.problem, run.scale
    values = {(c.a, c.v): round(c.w * scale) for c in problem.candidates}
    seats = {(g.id, s.v): round(s.w * scale) for g in problem.groups for s in g.vendors}
    counts: dict[str, int] = {}
    for pair in meetings:
        for identifier in pair:
            counts[identifier] = counts.get(identifier, 0) + 1
    missing = sum(max(0, p.min - counts.get(p.id, 0)) for p in problem.participants)
    total = sum(values.get(pair, 0) for pair in meetings)
    total += sum(seats[group, v] for group, (_, vendors) in settled.groups.items() for v in vendors)
    return total - round(problem.shortfall_penalty * scale) * missing


def finish(run: Run) -> Schedule:
    """The schedule of a run's best, with tables, rooms and reasons."""
    problem, scale = run.problem, run.scale
    rooms: dict[int, int] = {}
    groups = []
    for identifier, (slot, vendors) in sorted(run.settled.groups.items()):
        rooms[slot] = rooms.get(slot, -1) + 1
        groups.append(HeldGroup(identifier, slot, rooms[slot], vendors))
    meetings = give_tables(problem, run.meetings, run.rooms)
    held = tuple(groups)
    objective = _points(run.objective or 0, scale)
    bound = max(objective, _points(run.bound if run.bound is not None else 0, scale))
    status = "infeasible" if not run.kept else "optimal" if run.is_proved else "feasible"
    return Schedule(
        meetings,
        held,
        objective,
        bound,
        relative_gap(objective, bound),
        status,
        explain(problem, meetings, held),
    )


def _points(value: int, scale: int) -> float:
    return value if scale == 1 else value / scale
