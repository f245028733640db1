"""Parts of a schedule that follow from its problem or from each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.schedules.planner.problems import Problem
from app.schedules.reports import Held


def seats(problem: Problem) -> list[dict[str, Any]]:
    """The sessions as already agreed: slot and vendors follow from the problem."""
    return [
        {
            "id": group["id"],
            "slot": group["slots"][0],
            "room": place,
            "vendors": [vendor["v"] for vendor in group["vendors"]],
        }
        for groups in _by_slot(problem["groups"]).values()
        for place, group in enumerate(groups)
    ]


def missing_meetings(problem: Problem, pairs: Iterable[tuple[int, int]]) -> int:
    """How many more meetings it would take for everyone to reach their minimum."""
    counts = Counter(str(delegation_id) for pair in pairs for delegation_id in pair)
    return sum(max(0, person["min"] - counts[person["id"]]) for person in problem["participants"])


def with_tables(meetings: Sequence[Held]) -> list[tuple[Held, int]]:
    """The meetings, each with a table: the solver's, else the first one free at that slot."""
    taken = {(m.slot, m.table) for m in meetings if m.table is not None}
    complete = []
    for meeting in meetings:
        table = meeting.table
        if table is None:
            table = next(n for n in range(len(meetings) + len(taken) + 1) if (meeting.slot, n) not in taken)
            taken.add((meeting.slot, table))
        complete.append((meeting, table))
    return complete


def _by_slot(groups: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for group in groups:
        found.setdefault(group["slots"][0], []).append(group)
    return found
