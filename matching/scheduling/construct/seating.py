"""Who sits in which room, one meeting after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from matching.scheduling.model.problem import Problem
from matching.scheduling.model.rooms import Pair, Rooms


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
