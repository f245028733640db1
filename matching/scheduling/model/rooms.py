"""Rooms of tables, some too far apart for consecutive slots: which each meeting may take."""

from __future__ import annotations

from collections import Counter, defaultdict

from matching.scheduling.model.problem import Problem

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
