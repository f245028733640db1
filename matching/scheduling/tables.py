"""Gives each meeting a table: pins first, then own tables, then where the administration sat before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from matching.scheduling.problem import Problem
from matching.scheduling.solution import Meeting


def give_tables(problem: Problem, slots: dict[tuple[str, str], int]) -> tuple[Meeting, ...]:
    """The meetings with their tables, ordered by slot then participants."""
    remote = {(candidate.a, candidate.v) for candidate in problem.candidates if candidate.remote}
    pins = {(pin.a, pin.v): pin.table for pin in problem.pinned if pin.table is not None}
    own = {person.id: person.table for person in problem.participants if person.table is not None}
    by_slot: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for pair, slot in slots.items():
        by_slot[slot].append(pair)
    habit: dict[str, int] = {}
    found = []
    for slot in sorted(by_slot):
        pairs = sorted(by_slot[slot])
        seated = [pair for pair in pairs if pair not in remote]
        places = _tables_of_slot(seated, problem.tables[slot], pins, own, habit)
        habit.update({a: places[a, v] for a, v in seated})
        found += [Meeting(*pair, slot, places.get(pair)) for pair in pairs]
    return tuple(found)


def _tables_of_slot(
    pairs: Iterable[tuple[str, str]],
    tables: int,
    pins: dict[tuple[str, str], int],
    own: dict[str, int],
    habit: dict[str, int],
) -> dict[tuple[str, str], int]:
    wishes = (pins.get, lambda pair: own.get(pair[0], own.get(pair[1])), lambda pair: habit.get(pair[0]))
    places: dict[tuple[str, str], int] = {}
    taken: set[int] = set()
    waiting = list(pairs)
    for wish in wishes:
        for pair in list(waiting):
            table = wish(pair)
            if table is not None and table < tables and table not in taken:
                places[pair] = table
                taken.add(table)
                waiting.remove(pair)
    left = iter(
        [table for table in range(tables) if table not in taken and table not in set(own.values())]
        + [table for table in range(tables) if table not in taken and table in set(own.values())]
    )
    return places | {pair: next(left) for pair in waiting}
