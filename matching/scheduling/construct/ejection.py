"""Ejection chains: force an unplaced meeting in, push out what stands in its way, place that elsewhere.

A tabu search (Glover 1996) over partial colourings: each step costs the value pushed out and gains the value
brought in; the best grid seen is kept."""

from __future__ import annotations

import random
from collections.abc import Callable

from matching.scheduling.construct.grid import Grid
from matching.scheduling.construct.kempe import bits, insert


def eject(
    grid: Grid, waiting: list[int], steps: int, rng: random.Random, should_stop: Callable[[], bool]
) -> list[int]:
    """Try to place the waiting meetings within `steps`; return those still out of the best grid."""
    best_value, best = grid.value, list(grid.slot)
    queue = list(waiting)
    tabu: dict[tuple[int, int], int] = {}
    wanted = set(waiting) | {m for m, slot in enumerate(grid.slot) if slot >= 0}
    for step in range(steps):
        if not queue or should_stop():
            break
        meeting = queue.pop(_pick(grid, queue, rng))
        if grid.slot[meeting] >= 0 or insert(grid, meeting):
            pushed: list[int] = []
        else:
            move = _cheapest(grid, meeting, tabu, step, rng)
            if move is None:
                queue.insert(0, meeting)
                if len(queue) == 1:
                    tabu.clear()
                continue
            slot, pushed = move
            for other in pushed:
                tabu[other, grid.slot[other]] = step + rng.randint(5, 20)
                grid.remove(other)
            grid.place(meeting, slot)
        queue.extend(other for other in pushed if not insert(grid, other))
        if grid.value > best_value:
            best_value, best = grid.value, list(grid.slot)
    if grid.value < best_value:
        grid.load_all(best)
    return sorted(meeting for meeting in wanted if grid.slot[meeting] < 0)


def _pick(grid: Grid, queue: list[int], rng: random.Random) -> int:
    """Place in the queue of the most valuable of three drawn at random."""
    draws = [rng.randrange(len(queue)) for _ in range(3)]
    return max(draws, key=lambda n: grid.instance.value[queue[n]])


def _cheapest(
    grid: Grid, meeting: int, tabu: dict[tuple[int, int], int], step: int, rng: random.Random
) -> tuple[int, list[int]] | None:
    """The slot whose occupants weigh least, and those occupants; None where every slot is tabu."""
    instance, width = grid.instance, grid.instance.slots
    a, v = instance.first[meeting], instance.second[meeting]
    if grid.count[a] > instance.high[a] or min(instance.high[a], instance.high[v]) <= 0:
        return None
    best: tuple[float, int, list[int]] | None = None
    for slot in bits(instance.allowed[meeting]):
        if tabu.get((meeting, slot), -1) >= step or (
            instance.seated[meeting] and instance.capacity[slot] <= 0
        ):
            continue
        pushed = [m for m in (grid.at[a * width + slot], grid.at[v * width + slot]) if m >= 0]
        _free_table(grid, meeting, slot, pushed, rng)
        _free_maximum(grid, (a, v), pushed)
        weight = sum(instance.value[m] + 1 for m in pushed) * (1 + 0.1 * rng.random())
        if best is None or weight < best[0]:
            best = (weight, slot, pushed)
    return None if best is None else (best[1], best[2])


def _free_table(grid: Grid, meeting: int, slot: int, pushed: list[int], rng: random.Random) -> None:
    instance = grid.instance
    freed = sum(instance.seated[m] for m in pushed)
    if not instance.seated[meeting] or grid.load[slot] - freed < instance.capacity[slot]:
        return
    others = [m for m in sorted(grid.held[slot]) if instance.seated[m]]
    draws = [others[rng.randrange(len(others))] for _ in range(4)]
    pushed.append(min(draws, key=lambda m: instance.value[m]))


def _free_maximum(grid: Grid, people: tuple[int, int], pushed: list[int]) -> None:
    """A person at its maximum gives up its least valuable meeting."""
    instance, width = grid.instance, grid.instance.slots
    for person in people:
        leaving = sum(person in (instance.first[m], instance.second[m]) for m in pushed)
        if grid.count[person] - leaving < instance.high[person]:
            continue
        mine = [m for m in grid.at[person * width : (person + 1) * width] if m >= 0 and m not in pushed]
        pushed.append(min(mine, key=lambda m: instance.value[m]))
