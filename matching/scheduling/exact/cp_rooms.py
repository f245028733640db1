"""Rooms in a CP-SAT model: one per meeting held, tables of each, nobody walking too far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.problem import Problem
from matching.scheduling.model.rooms import Pair, Rooms


def add_rooms(
    model: Any, problem: Problem, meetings: Mapping[Pair, Mapping[int, Any]]
) -> dict[tuple[Pair, int], dict[str, Any]]:
    """CP-SAT variables of each meeting, slot and room, under tables of rooms and walks."""
    rooms = Rooms(problem)
    found: dict[tuple[Pair, int], dict[str, Any]] = {}
    loads: dict[tuple[int, str], list[Any]] = defaultdict(list)
    people: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
    for pair, at in meetings.items():
        if pair in rooms.remote:
            continue
        for slot, held in at.items():
            here = {room: model.new_bool_var("") for room in rooms.choices(pair, slot)}
            model.add(sum(here.values()) == held)
            found[pair, slot] = here
            for room, variable in here.items():
                loads[slot, room].append(variable)
                for identifier in pair:
                    people[identifier, slot, room].append(variable)
    for (slot, room), variables in loads.items():
        model.add(sum(variables) <= rooms.room[slot][room])
    for (identifier, slot, room), variables in people.items():
        if slot + 1 in rooms.neighbours(slot):
            for other in sorted(rooms.far[room]):
                later = people.get((identifier, slot + 1, other))
                if later:
                    model.add_at_most_one([*variables, *later])
    return found
