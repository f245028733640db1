"""The schedule of the best a run found."""

from __future__ import annotations

from matching.scheduling.construct.people import name_people
from matching.scheduling.construct.tables import give_tables
from matching.scheduling.model.schedule import HeldGroup, Schedule, relative_gap
from matching.scheduling.search.run import Run
from matching.scheduling.studies.reasons import explain


def finish(run: Run) -> Schedule:
    """The schedule of a run's best, with tables, rooms and reasons."""
    problem, measure = run.problem, run.measure
    rooms: dict[int, int] = {}
    groups = []
    for identifier, (slot, vendors) in sorted(run.committed.groups.items()):
        rooms[slot] = rooms.get(slot, -1) + 1
        groups.append(HeldGroup(identifier, slot, rooms[slot], vendors))
    held = tuple(groups)
    meetings = name_people(problem, give_tables(problem, run.meetings, run.rooms), held)
    objective = measure.points(run.objective or 0)
    bound = max(objective, measure.points(run.bound if run.bound is not None else 0))
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
