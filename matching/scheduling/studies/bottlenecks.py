"""The bottleneck: who together wants more meetings than tables, presence, wishes and maximums leave them.

Minimums can all be met in the relaxed flow (see `flow`) unless some cut of it lets too little through
(Hoffman's circulation theorem, 1960). The people whose minimums cross the smallest such cut, made
irreducible, are the bottleneck; the arcs of the cut are what limits them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from matching.scheduling.bounds.relaxation import forced
from matching.scheduling.model.diagnostics import Bottleneck, Limit
from matching.scheduling.model.instance import Commitments, Instance, build_instance
from matching.scheduling.model.problem import Problem

LONGEST_LIST = 10
ARCS_TO_SPEND = 4_000_000  # arcs times flows: large problems get sets less reduced


def minimums_bottlenecks(problem: Problem) -> tuple[Bottleneck, ...]:
    """Disjoint irreducible sets of people whose minimums cannot all be met, whatever the schedule."""
    committed = forced(problem)
    cuts = _Cuts(build_instance(problem, committed))
    least = {p: low for p, low in enumerate(cuts.instance.low) if low}
    alone = _alone(cuts.instance, committed, least)
    least = {p: low for p, low in least.items() if p not in alone}
    found: list[Bottleneck] = []
    while least and len(found) < LONGEST_LIST:
        people = cuts.deficient(least)
        if not people:
            break
        people = _irreducible(cuts, {p: least[p] for p in people})
        found.append(_describe(cuts, committed, {p: least[p] for p in people}))
        least = {p: low for p, low in least.items() if p not in people}
    return (*found, *list(alone.values())[:LONGEST_LIST])


def _alone(instance: Instance, committed: Commitments, least: dict[int, int]) -> dict[int, Bottleneck]:
    """Those who cannot have their minimum even if nobody else came."""
    wishes: dict[int, list[str]] = defaultdict(list)
    for a, v, pair, slots in zip(
        instance.first, instance.second, instance.pairs, instance.allowed, strict=True
    ):
        if slots:
            wishes[a].append("/".join(pair))
            wishes[v].append("/".join(pair))
    found = {}
    for person, low in least.items():
        name, present = instance.ids[person], sum(_at_once(instance, person))
        limit = Limit("wishes", tuple(wishes[person]), len(wishes[person]))
        if present < limit.room:
            limit = Limit("presence", (name,), present)
        if limit.room < low:
            found[person] = _bottleneck([name], low, [limit], committed)
    return found


def _at_once(instance: Instance, person: int) -> list[int]:
    """Activities a person can hold at each slot."""
    window = instance.window[person]
    return instance.several.get(person) or [window >> slot & 1 for slot in range(instance.slots)]


@dataclass(slots=True)
class _Arcs:
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    room: list[int] = field(default_factory=list)
    kinds: list[tuple[str, Any]] = field(default_factory=list)

    def add(self, tail: int, head: int, room: int, kind: tuple[str, Any]) -> None:
        self.tails.append(tail)
        self.heads.append(head)
        self.room.append(room)
        self.kinds.append(kind)


class _Cuts:
    """The relaxed flow as a circulation, and the smallest cuts that refute minimums."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.spent = 0
        people, slots = instance.people, instance.slots
        self.end = 2 * people
        self.supply, self.demand = self.end + 1 + 2 * slots, self.end + 2 + 2 * slots
        self.arcs = _Arcs()
        spare = min(instance.side_a, instance.seated.count(False))
        for slot, tables in enumerate(instance.capacity):
            room = max(0, tables) + spare
            self.arcs.add(self.end, self.end + 1 + slot, room, ("tables", slot))
            self.arcs.add(self.end + 1 + slots + slot, self.end, room, ("tables", slot))
        for person, window in enumerate(instance.window):
            for slot, room in enumerate(_at_once(instance, person)):
                if not window >> slot & 1:
                    continue
                if person < instance.side_a:
                    self.arcs.add(self.end + 1 + slot, person, room, ("presence", person))
                else:
                    self.arcs.add(people + person, self.end + 1 + slots + slot, room, ("presence", person))
        for meeting, (a, v) in enumerate(zip(instance.first, instance.second, strict=True)):
            if instance.allowed[meeting]:
                self.arcs.add(people + a, v, 1, ("wishes", meeting))

    def deficient(self, least: dict[int, int]) -> list[int]:
        """People of the smallest cut that refutes these minimums together; none where all can be met."""
        side = self._cut(least)
        people = self.instance.people
        return [p for p in least if people + p in side and p not in side]

    def limits(self, least: dict[int, int]) -> list[tuple[str, Any, int]]:
        """What the cut of these minimums crosses: kind, slot or person or meeting, and how many it lets."""
        side, arcs, people = self._cut(least), self.arcs, self.instance.people
        crossed = [
            (*arcs.kinds[n], arcs.room[n])
            for n, (tail, head) in enumerate(zip(arcs.tails, arcs.heads, strict=True))
            if arcs.room[n] and tail in side and head not in side
        ]
        full = [p for p in range(people) if p in side and people + p not in side]
        return crossed + [("maximum", p, self.instance.high[p]) for p in full]

    def _cut(self, least: dict[int, int]) -> frozenset[int]:
        import numpy as np
        from ortools.graph.python import max_flow  # heavy

        people, arcs = self.instance.people, self.arcs
        solver = max_flow.SimpleMaxFlow()
        solver.add_arcs_with_capacity(
            *(np.array(x, dtype=np.int64) for x in (arcs.tails, arcs.heads, arcs.room))
        )
        for person in range(people):
            low = min(least.get(person, 0), max(0, self.instance.high[person]))
            solver.add_arc_with_capacity(person, people + person, max(0, self.instance.high[person]) - low)
            if low:
                solver.add_arc_with_capacity(self.supply, people + person, low)
                solver.add_arc_with_capacity(person, self.demand, low)
        self.spent += len(arcs.tails)
        status = solver.solve(self.supply, self.demand)
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"max flow ended with status {status}")
        return frozenset(solver.get_source_side_min_cut())


def _irreducible(cuts: _Cuts, least: dict[int, int]) -> list[int]:
    """The people without whom none of the others would be too many: whole chunks are tried away first."""
    kept = list(least)
    chunk = len(kept) // 2
    while chunk and cuts.spent < ARCS_TO_SPEND:
        start = 0
        while start < len(kept) and len(kept) > 1 and cuts.spent < ARCS_TO_SPEND:
            rest = kept[:start] + kept[start + chunk :]
            fewer = cuts.deficient({p: least[p] for p in rest}) if rest else []
            if fewer:
                kept = fewer
            else:
                start += chunk
        chunk //= 2
    return kept


def _describe(cuts: _Cuts, committed: Commitments, least: dict[int, int]) -> Bottleneck:
    instance = cuts.instance
    ids = instance.ids
    room: Counter[str] = Counter()
    items: dict[str, list[str]] = defaultdict(list)
    for kind, what, places in cuts.limits(least):
        room[kind] += places
        name = "/".join(instance.pairs[what]) if kind == "wishes" else str(what)
        items[kind].append(ids[what] if kind in {"presence", "maximum"} else name)
    limits = [Limit(kind, tuple(dict.fromkeys(items[kind])), places) for kind, places in room.items()]
    return _bottleneck([ids[p] for p in least], sum(least.values()), limits, committed)


def _bottleneck(people: list[str], wanted: int, limits: list[Limit], committed: Commitments) -> Bottleneck:
    """Commitments pins, taken out of the minimums, are counted back on both sides."""
    held = [f"{a}/{v}" for a, v in committed.pins for identifier in (a, v) if identifier in people]
    if held:
        limits = [*limits, Limit("pinned", tuple(held), len(held))]
    room = sum(limit.room for limit in limits)
    return Bottleneck("minimums", tuple(sorted(people)), wanted + len(held), room, tuple(limits))
