"""A problem as numbers: people, slots and meetings by index, values as integers, commitments taken out.

Commitments are the activities whose slot is committed (pins with a slot, group sessions once placed): they
leave the windows of their people, the tables of their slot, and the minimum and maximum of a pinned pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Problem

MAX_PIN_BONUS = 10**11


@dataclass(slots=True)
class Instance:
    """What is left to decide: meetings of `first[e]` and `second[e]`, worth `value[e]`, at `allowed[e]`.

    `allowed` and `window` are bits. `low` and `high` bound the meetings still to place per person; `scale`
    turns points into integers; `must[e]` marks pinned meetings, whose `value` carries `bonus` on top; `fixed`
    maps a committed meeting's pair to its slot; `several`: activities per slot of those who may hold several
    at once, which the flow alone knows (see `search.relaxed`)."""

    slots: int
    people: int
    side_a: int
    capacity: list[int]
    window: list[int]
    low: list[int]
    high: list[int]
    first: list[int]
    second: list[int]
    value: list[int]
    seated: list[bool]
    must: list[bool]
    allowed: list[int]
    penalty: int
    bonus: int
    scale: int
    pairs: list[tuple[str, str]]
    ids: list[str]
    fixed: dict[tuple[str, str], int] = field(default_factory=dict)
    fixed_value: int = 0
    uniform: bool = False
    several: dict[int, list[int]] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """Add to the integer value of placed meetings, shortfall bonuses included, to get the objective."""
        return self.fixed_value - self.penalty * sum(self.low) - self.bonus * sum(self.must)


@dataclass(slots=True)
class Commitments:
    """Where commitments stand: slot of each group with its vendors, slot of each pinned pair."""

    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    pins: dict[tuple[str, str], int] = field(default_factory=dict)


def build_instance(problem: Problem, committed: Commitments) -> Instance:
    """The problem around the committed commitments."""
    index = {person.id: n for n, person in enumerate(sorted(problem.participants, key=lambda p: p.side))}
    people = sorted(problem.participants, key=lambda p: p.side)
    everything = (1 << problem.slots) - 1
    future = everything & ~((1 << problem.started) - 1)
    window = [future & (everything if p.avail is None else sum(1 << s for s in p.avail)) for p in people]
    low = [person.min for person in people]
    high = [problem.slots if person.max is None else min(person.max, problem.slots) for person in people]
    capacity = list(problem.tables)
    objective = Objective(problem)
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    pinned = {(pin.a, pin.v) for pin in problem.pinned}
    several = {
        n: [p.capacity(t) for t in range(problem.slots)] for n, p in enumerate(people) if p.is_parallel
    }
    for n, at_once in several.items():
        most = people[n].max
        high[n] = sum(at_once) if most is None else min(most, sum(at_once))

    def occupy(person: int, slot: int) -> None:
        if person in several:
            several[person][slot] -= 1
        if person not in several or several[person][slot] <= 0:
            window[person] &= ~(1 << slot)

    for person, slot in _occupations(problem, committed):
        occupy(index[person], slot)
    forbidden = set(problem.forbidden)
    values = {
        pair: value for pair, value in objective.meeting.items() if pair not in forbidden or pair in pinned
    }
    for pair, slot in committed.pins.items():
        for identifier in pair:
            occupy(index[identifier], slot)
            low[index[identifier]] -= 1
            high[index[identifier]] -= 1
        capacity[slot] -= pair not in remote
    for at_once in several.values():
        at_once[: problem.started] = [0] * problem.started
    penalty = objective.penalty
    low = [max(0, least) for least in low]
    chosen = [pair for pair in values if pair not in committed.pins]
    free_pins = pinned - committed.pins.keys()
    bonus = 0
    if free_pins:
        bonus = min(MAX_PIN_BONUS, 1 + sum(values[pair] for pair in chosen) + penalty * sum(low))
    chosen = [p for p in chosen if p in free_pins or window[index[p[0]]] & window[index[p[1]]]]
    return Instance(
        slots=problem.slots,
        people=len(people),
        side_a=sum(person.side == "A" for person in people),
        capacity=capacity,
        window=window,
        low=low,
        high=high,
        first=[index[a] for a, _ in chosen],
        second=[index[v] for _, v in chosen],
        value=[values[pair] + (bonus if pair in free_pins else 0) for pair in chosen],
        seated=[pair not in remote for pair in chosen],
        must=[pair in free_pins for pair in chosen],
        allowed=[window[index[a]] & window[index[v]] for a, v in chosen],
        penalty=penalty,
        bonus=bonus,
        scale=objective.scale,
        pairs=chosen,
        ids=[person.id for person in people],
        fixed=dict(committed.pins),
        fixed_value=sum(values[pair] for pair in committed.pins)
        + sum(objective.seat[group, v] for group, (_, vendors) in committed.groups.items() for v in vendors),
        uniform=all(mask == everything for mask in window)
        and len(set(capacity)) == 1
        and not remote
        and not several,
        several=several,
    )


def _occupations(problem: Problem, committed: Commitments) -> Iterable[tuple[str, int]]:
    hosts = {group.id: group.ambassador for group in problem.groups}
    for identifier, (slot, vendors) in committed.groups.items():
        yield hosts[identifier], slot
        for vendor in vendors:
            yield vendor, slot
