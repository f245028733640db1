"""Reads the JSON of a problem into its parts, naming every fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.contradictions import find_contradictions
from matching.scheduling.model.crowding import find_crowds
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.read_groups import read_groups
from matching.scheduling.model.read_limits import read_equipment, read_order, read_quotas
from matching.scheduling.model.read_meetings import read_candidates, read_forbidden, read_pins
from matching.scheduling.model.read_people import read_participants
from matching.scheduling.model.read_places import read_table_rooms, read_tables, read_walks
from matching.scheduling.model.schema import MOST_SLOTS, PROBLEM
from matching.scheduling.model.strict import refuse_unknown

SHORTFALL_PENALTY = 1000


def read_fields(data: object) -> dict[str, Any]:
    """The fields of a Problem; raises ProblemError with every fault of the file."""
    faults = FaultList()
    if not isinstance(data, Mapping):
        faults.add("bad_problem", "problem", "a problem must be a JSON object")
        raise ProblemError(faults.faults)
    refuse_unknown(data, PROBLEM, faults)
    faults.raise_if_any()
    slots = faults.integer(data, "slots", "problem", None, least=1, most=MOST_SLOTS)
    if slots is None:
        if not faults.faults:
            faults.add("missing_field", "problem", "problem: 'slots' must be an integer of at least 1")
        raise ProblemError(faults.faults)
    participants = read_participants(data, slots, faults)
    sides = {participant.id: participant.side for participant in participants}
    groups = read_groups(data, slots, sides, faults)
    tables = read_tables(data, slots, faults)
    rooms = read_table_rooms(data, tables, faults)
    equipment = read_equipment(data, faults)
    candidates = read_candidates(data, slots, sides, faults, {item.id for item in equipment})
    pinned = read_pins(data, slots, sides, faults)
    fields = {
        "name": _read_name(data, faults),
        "slots": slots,
        "tables": tables,
        "rooms": faults.integer(data, "rooms", "problem", len(groups)),
        "shortfall_penalty": faults.points(data, "shortfall_penalty", "problem", SHORTFALL_PENALTY),
        "participants": participants,
        "candidates": candidates,
        "pinned": pinned,
        "forbidden": read_forbidden(data, sides, faults),
        "groups": groups,
        "blocks": _read_openings(data, "blocks", slots, faults),
        "table_rooms": rooms,
        "walks": read_walks(data, rooms, faults),
        "days": _read_openings(data, "days", slots, faults),
        "equipment": equipment,
        "started": faults.integer(data, "started", "problem", 0) or 0,
    }
    known = {(row.a, row.v) for row in candidates} | {(row.a, row.v) for row in pinned}
    fields |= {
        "quotas": read_quotas(data, sides, faults),
        "order": read_order(data, known, sides, faults),
    }
    faults.raise_if_any()
    find_contradictions(fields, faults)
    faults.raise_if_any()
    find_crowds(fields, faults)
    faults.raise_if_any()
    return fields


def _read_name(data: Mapping[str, Any], faults: FaultList) -> str:
    name = "" if data.get("name") is None else data["name"]
    if not isinstance(name, str):
        faults.add("bad_text", "name", f"'name' must be text, not {name!r}")
    return str(name)


def _read_openings(data: Mapping[str, Any], key: str, slots: int, faults: FaultList) -> tuple[int, ...]:
    """The slots that open a block or a day, the first of all included."""
    value = faults.slot_list(data, key, "problem", slots)
    return tuple(sorted({0, *(value or ())}))
