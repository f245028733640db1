"""Gives each meeting a table: pins first, then own tables, then with as few people as possible moving.

At each slot people would rather stay where they last sat; the most stays is an assignment. Where everybody
sits at consecutive slots this gives the fewest moves of all, and `moves_bound` proves it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Meeting

Pair = tuple[str, str]
STAY = 1_000  # the administration's weighs one more, so that of two equal choices the vendor walks


def give_tables(
    problem: Problem,
    slots: Mapping[Pair, int],
    rooms: Mapping[Pair, str] | None = None,
    kept: Mapping[Pair, int] | None = None,
) -> tuple[Meeting, ...]:
    """The meetings with their tables, ordered by slot then participants; in these rooms and, where they are
    still free, at the tables `kept`, if given."""
    remote = {(candidate.a, candidate.v) for candidate in problem.candidates if candidate.remote}
    seating = _Seating(problem, rooms or {}, kept or {})
    by_slot: dict[int, list[Pair]] = defaultdict(list)
    for pair, slot in slots.items():
        by_slot[slot].append(pair)
    found = []
    for slot in sorted(by_slot):
        pairs = sorted(by_slot[slot])
        places = seating.seat([pair for pair in pairs if pair not in remote], problem.tables[slot])
        found += [Meeting(*pair, slot, places.get(pair)) for pair in pairs]
    return tuple(found)


class _Seating:
    """Where everybody last sat."""

    def __init__(self, problem: Problem, rooms: Mapping[Pair, str], kept: Mapping[Pair, int]) -> None:
        self.problem = problem
        self.rooms = rooms
        self.kept = kept
        self.pins = {(pin.a, pin.v): pin.table for pin in problem.pinned if pin.table is not None}
        self.own = {person.id: person.table for person in problem.participants if person.table is not None}
        self.last: dict[str, int] = {}

    def seat(self, pairs: Sequence[Pair], tables: int) -> dict[Pair, int]:
        """A table for each meeting of the next slot."""
        places: dict[Pair, int] = {}
        taken: set[int] = set()
        wishes = (self.pins.get, lambda pair: self.own.get(pair[0], self.own.get(pair[1])), self.kept.get)
        for wish in wishes:
            for pair in pairs:
                table = wish(pair) if pair not in places else None
                if table is not None and self._suits(pair, table, tables) and table not in taken:
                    places[pair] = table
                    taken.add(table)
        places |= self._stays([pair for pair in pairs if pair not in places], taken, tables)
        taken = set(places.values())
        owned, wanted = set(self.own.values()), Counter(self.last.values())
        left = [table for table in range(tables) if table not in taken]
        left.sort(key=lambda table: (table in owned, wanted[table], table))
        for pair in pairs:
            if pair not in places:
                places[pair] = next(table for table in left if self._suits(pair, table, tables))
                left.remove(places[pair])
        for pair, table in places.items():
            self.last.update(dict.fromkeys(pair, table))
        return places

    def _suits(self, pair: Pair, table: int, tables: int) -> bool:
        room = self.rooms.get(pair)
        return table < tables and (room is None or self.problem.table_rooms[table] == room)

    def _stays(self, pairs: Sequence[Pair], taken: set[int], tables: int) -> dict[Pair, int]:
        """As many people as possible where they last sat."""
        import numpy as np

        from matching.scheduling.bounds.flow import Network

        gains: dict[tuple[int, int], int] = defaultdict(int)
        for place, pair in enumerate(pairs):
            for identifier, gain in zip(pair, (STAY + 1, STAY), strict=True):
                table = self.last.get(identifier)
                if table is not None and table not in taken and self._suits(pair, table, tables):
                    gains[place, table] += gain
        if not gains:
            return {}
        arcs = np.array(list(gains))
        count = len(pairs)
        source, sink = count + tables, count + tables + 1
        network = Network(sink + 1)
        network.add(arcs[:, 0], count + arcs[:, 1], 1, -np.array(list(gains.values())))
        network.add(source, np.arange(count), 1, 0)
        network.add(count + np.arange(tables), sink, 1, 0)
        flows, _ = network.solve(source, sink, count)
        return {
            pairs[place]: int(table) for place, table in arcs[np.flatnonzero(flows[: len(arcs)])].tolist()
        }


def _journeys(meetings: Iterable[Meeting]) -> list[tuple[Meeting, Meeting]]:
    """Each person's consecutive meetings that need a table."""
    mine: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in sorted(meetings, key=lambda m: m.slot):
        if meeting.table is not None:
            mine[meeting.a].append(meeting)
            mine[meeting.v].append(meeting)
    return [step for found in mine.values() for step in pairwise(found)]


def moves_in(meetings: Iterable[Meeting]) -> int:
    """Times a person's next meeting is at another table."""
    return sum(before.table != after.table for before, after in _journeys(meetings))


def moves_bound(meetings: Iterable[Meeting]) -> int:
    """No way of giving tables to these meetings at these slots has fewer moves.

    From one slot to another the people who stay link meetings in pairs: a matching. Each meeting has two
    people, so these links form paths and cycles, of which every other one at most is kept."""
    links: dict[tuple[int, int], list[tuple[Meeting, Meeting]]] = defaultdict(list)
    journeys = _journeys(meetings)
    for before, after in journeys:
        links[before.slot, after.slot].append((before, after))
    return len(journeys) - sum(_most_stays(found) for found in links.values())


def _most_stays(links: list[tuple[Meeting, Meeting]]) -> int:
    parent: dict[Meeting, Meeting] = {}

    def root(meeting: Meeting) -> Meeting:
        while parent.setdefault(meeting, meeting) is not meeting:
            parent[meeting] = parent[parent[meeting]]
            meeting = parent[meeting]
        return meeting

    for before, after in links:
        parent[root(before)] = root(after)
    sizes = Counter(id(root(before)) for before, _ in links)
    return sum((size + 1) // 2 for size in sizes.values())
