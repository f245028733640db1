"""One slot at a time, the best meetings given all the others: an assignment of at most `tables` pairs."""

from __future__ import annotations

from collections.abc import Callable

from matching.scheduling.bounds.flow import Network
from matching.scheduling.construct.grid import Grid


def reoptimise(grid: Grid, target: int, should_stop: Callable[[], bool], rounds: int = 50) -> None:
    """Improve slot after slot until none improves or the value reaches `target`; never loses value."""
    slots = range(grid.instance.slots)
    quiet = 0
    for step in range(rounds * len(slots)):
        if quiet >= len(slots) or grid.value >= target or should_stop():
            return
        quiet = 0 if reoptimise_slot(grid, step % len(slots)) else quiet + 1


def reoptimise_slot(grid: Grid, slot: int) -> bool:
    """Make one slot the best it can be with the others as they are; whether the value rose."""
    import numpy as np

    instance, bit = grid.instance, 1 << slot
    held = [m for m in sorted(grid.held[slot]) if instance.seated[m]]  # remote meetings stay
    before = grid.value
    for meeting in held:
        grid.remove(meeting)
    count, free, high = grid.count, grid.free, instance.high
    usable = [free[p] & bit and count[p] < high[p] for p in range(instance.people)]
    first, second = instance.first, instance.second
    options = [
        m
        for m, s in enumerate(grid.slot)
        if s < 0 and usable[first[m]] and usable[second[m]] and instance.seated[m]
    ]
    if options and instance.capacity[slot] > 0:
        people = instance.people
        network = Network(people + 2)
        gains = [grid.gain(m) for m in options]
        network.add(
            np.array([first[m] for m in options]), np.array([second[m] for m in options]), 1, -np.array(gains)
        )
        left = np.array(sorted({first[m] for m in options}))
        right = np.array(sorted({second[m] for m in options}))
        network.add(people, left, 1, 0)
        network.add(right, people + 1, 1, 0)
        flows, value = network.solve(people, people + 1, instance.capacity[slot])
        if grid.value + value > before:
            for place in np.flatnonzero(flows[: len(options)]).tolist():
                grid.place(options[place], slot)
            return True
    for meeting in held:
        grid.place(meeting, slot)
    return False
