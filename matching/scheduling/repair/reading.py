"""Reads the JSON of events.

[{"kind": "absence", "id", "start"?, "until"?}, {"kind": "lost_tables", "count", "start"?},
 {"kind": "newcomer", "participant": {as in a problem}, "candidates": [{"a", "v", "w"}]}]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.read_meetings import read_candidates
from matching.scheduling.model.read_people import read_participant
from matching.scheduling.model.schema import EVENT
from matching.scheduling.model.strict import fits, refuse_unknown
from matching.scheduling.repair.events import Absence, Event, LostTables, Newcomer

SCHEMAS = {choice["properties"]["kind"]["const"]: choice for choice in EVENT["anyOf"]}


def read_events(data: object, problem: Problem) -> tuple[Event, ...]:
    """The events of a file; raises ProblemError naming every fault."""
    faults = FaultList()
    if not isinstance(data, list):
        faults.add("bad_list", "events", "events must be a list")
        raise ProblemError(faults.faults)
    found = [_read(row, f"[{place}]", problem, faults) for place, row in enumerate(data)]
    for place, row in enumerate(data):
        if not faults.faults and not fits(row, SCHEMAS[row["kind"]]):
            faults.add("bad_form", f"[{place}]", f"[{place}] has not the form the schema asks for")
    faults.raise_if_any()
    return tuple(event for event in found if event is not None)


def _read(row: object, item: str, problem: Problem, faults: FaultList) -> Event | None:
    if not isinstance(row, Mapping) or str(row.get("kind")) not in SCHEMAS:
        faults.add("bad_event", item, f"{item}: 'kind' must be one of {', '.join(SCHEMAS)}")
        return None
    refuse_unknown(row, SCHEMAS[row["kind"]], faults, item)
    start = faults.integer(row, "start", item, 0) or 0
    if row["kind"] == "absence":
        return Absence(faults.text(row, "id", item), start, faults.integer(row, "until", item, None))
    if row["kind"] == "lost_tables":
        count = faults.integer(row, "count", item, None)
        if count is None:
            faults.add("missing_field", item, f"{item}: 'count' must be an integer")
        return LostTables(count or 0, start)
    return _newcomer(row, item, problem, faults)


def _newcomer(row: Mapping[str, Any], item: str, problem: Problem, faults: FaultList) -> Event | None:
    described = row.get("participant")
    if not isinstance(described, Mapping):
        faults.add("missing_field", item, f"{item}: 'participant' must be an object")
        return None
    person = read_participant(described, f"{item}.participant", problem.slots, faults)
    if person is None:
        return None
    if any(person.id == other.id for other in problem.participants):
        faults.add("duplicate_id", person.id, f"{item}: participant {person.id!r} is there already")
    sides = {other.id: other.side for other in problem.participants} | {person.id: person.side}
    return Newcomer(
        person, read_candidates(row, problem.slots, sides, faults, {item.id for item in problem.equipment})
    )
