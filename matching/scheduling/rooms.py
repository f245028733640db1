"""Rooms of tables, some too far apart for consecutive slots: which each meeting may take, who sits where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from matching.scheduling.problem import Problem

Pair = tuple[str, str]


class Rooms:
    """Tables of each room and slot, the rooms a meeting may be in, and which rooms are too far apart."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.room = [Counter(problem.table_rooms[:count]) for count in problem.tables]
        self.far: dict[str, set[str]] = defaultdict(set)
        for one, other in problem.walks:
            self.far[one].add(other)
            self.far[other].add(one)
        self.remote = {(c.a, c.v) for c in problem.candidates if c.remote}
        self._pins = {(pin.a, pin.v): pin.table for pin in problem.pinned if pin.table is not None}
        self._own = {person.id: person.table for person in problem.participants if person.table is not None}

    @property
    def are_exact(self) -> bool:
        """Whether an owned table always fixes the room: not where a pin may take the table from its owner."""
        return not set(self._pins.values()) & set(self._own.values())

    def choices(self, pair: Pair, slot: int) -> list[str]:
        """Rooms where the meeting can be held at that slot."""
        for table in (self._pins.get(pair), self._own.get(pair[0], self._own.get(pair[1]))):
            if table is not None and table < self.problem.tables[slot]:
                return [self.problem.table_rooms[table]]
        return sorted(self.room[slot])

    def neighbours(self, slot: int) -> list[int]:
        """The slots just before and after, in the same block."""
        opens = self.problem.blocks
        before = [slot - 1] if slot > 0 and slot not in opens else []
        return before + ([slot + 1] if slot + 1 < self.problem.slots and slot + 1 not in opens else [])


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


def seat(
    problem: Problem,
    slots: Mapping[Pair, int],
    order: Iterable[Pair],
    wanted: Mapping[Pair, str] | None = None,
) -> dict[Pair, str]:
    """A room for each meeting that finds one no walk away from its people's others, in the order given.

    `wanted`: rooms to prefer. Remote meetings are not seated."""
    rooms = Rooms(problem)
    left = [Counter(count) for count in rooms.room]
    where: dict[tuple[str, int], str] = {}
    found: dict[Pair, str] = {}
    for pair in order:
        slot = slots[pair]
        if pair in rooms.remote:
            continue
        around = [where.get((i, other)) for i in pair for other in rooms.neighbours(slot)]
        barred = {room for near in around if near is not None for room in rooms.far[near]}
        possible = [r for r in rooms.choices(pair, slot) if r not in barred and left[slot][r] > 0]
        if not possible:
            continue
        wish = (wanted or {}).get(pair)
        room = max(possible, key=lambda r: (r == wish, r in around, left[slot][r]))
        found[pair] = room
        left[slot][room] -= 1
        where.update(dict.fromkeys(((i, slot) for i in pair), room))
    return found
