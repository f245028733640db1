"""Rules that count meetings across people, slots or days, each stated once as a sum.

A hard one allows no more than `most`; a floor costs the problem's penalty for each missing meeting. Weights
of hard ones are never negative: fewer meetings break none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from matching.scheduling.model.entities import Participant
from matching.scheduling.model.problem import Problem

Pair = tuple[str, str]
Term = tuple[Pair, Collection[int], int]  # a pair, the slots at which it counts, and how much
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """A sum of terms: at most `most`, or short of `least`, a meeting missing for each `unit`.

    `code`: max_a_day, min_a_day, quota, floor, order or equipment; `name`: of whom or what."""

    code: str
    name: str
    terms: tuple[Term, ...]
    most: int | None = None
    least: int = 0
    unit: int = 1

    def load(self, held: Mapping[Pair, int]) -> int:
        """What the meetings held come to."""
        return sum(weight for pair, slots, weight in self.terms if held.get(pair, -1) in slots)

    def missing(self, load: int) -> int:
        """Meetings missing to the floor."""
        return 0 if self.most is not None else max(0, -((load - self.least) // self.unit))

    @property
    def most_missing(self) -> int:
        """However few are held."""
        return self.missing(sum(min(0, weight) for _, _, weight in self.terms))


def limits(problem: Problem) -> Iterator[Limit]:
    """Every such rule of the problem."""
    if not has_limits(problem):
        return
    pairs = dict.fromkeys([*((c.a, c.v) for c in problem.candidates), *((p.a, p.v) for p in problem.pinned)])
    yield from _days(problem, pairs)
    yield from _quotas(problem, pairs)
    slots = range(problem.slots)
    for order in problem.order:
        for slot in slots:
            first, then = (order.first, range(slot, problem.slots), 1), (order.then, range(slot + 1), 1)
            yield Limit("order", "/".join(order.first), (first, then), 1)
    for item in problem.equipment:
        needing = [(c.a, c.v) for c in problem.candidates if item.id in c.needs]
        for slot in slots if len(needing) > item.count else ():
            yield Limit("equipment", item.id, tuple((pair, (slot,), 1) for pair in needing), item.count)


def _days(problem: Problem, pairs: Iterable[Pair]) -> Iterator[Limit]:
    people = [p for p in problem.participants if p.max_a_day is not None or p.min_a_day]
    mine: dict[str, list[Pair]] = {person.id: [] for person in people}
    for pair in pairs if people else ():
        for identifier in pair:
            if identifier in mine:
                mine[identifier].append(pair)
    for person in people:
        for day in days(problem):
            terms = tuple((pair, day, 1) for pair in mine[person.id])
            if person.max_a_day is not None:
                yield Limit("max_a_day", person.id, terms, person.max_a_day)
            if person.min_a_day and any(map(person.is_available, day)):
                yield Limit("min_a_day", person.id, terms, least=person.min_a_day)


def _quotas(problem: Problem, pairs: Collection[Pair]) -> Iterator[Limit]:
    whole = range(problem.slots)
    for quota in problem.quotas:
        members, among = set(quota.members), set(quota.among)
        counted = [pair for pair in pairs if not among or among.intersection(pair)]
        with_members = {pair for pair in counted if members.intersection(pair)}
        terms = tuple((pair, whole, 1) for pair in counted if pair in with_members)
        if quota.max is not None:
            yield Limit("quota", quota.id, terms, quota.max)
        if quota.min:
            yield Limit("floor", quota.id, terms, least=quota.min)
        if quota.min_share:
            share = tuple((p, whole, WHOLE * (p in with_members) - quota.min_share) for p in counted)
            yield Limit("floor", quota.id, share, unit=WHOLE)


def days(problem: Problem) -> list[range]:
    """The slots of each day."""
    ends = (*problem.days[1:], problem.slots)
    return [range(start, end) for start, end in zip(problem.days, ends, strict=True)]


def has_limits(problem: Problem) -> bool:
    """Whether any of these rules is used."""
    return bool(problem.quotas or problem.order or problem.equipment) or any(
        person.max_a_day is not None or person.min_a_day for person in problem.participants
    )


def without_limits(problem: Problem) -> Problem:
    """None of them used, but that nobody meets more often than its days allow."""
    if not has_limits(problem):
        return problem
    count = len(problem.days)
    return replace(
        problem,
        participants=tuple(_without_days(person, count) for person in problem.participants),
        quotas=(),
        order=(),
        equipment=(),
    )


def _without_days(person: Participant, count: int) -> Participant:
    most = person.max
    if person.max_a_day is not None:
        in_all = max(count * person.max_a_day, person.min)  # a minimum out of reach costs what it costs
        most = in_all if most is None else min(most, in_all)
    return replace(person, max=most, max_a_day=None, min_a_day=0)


def broken(problem: Problem, held: Mapping[Pair, int]) -> Iterator[tuple[Limit, int]]:
    """Hard limits that these meetings exceed, and what they come to."""
    for limit in limits(problem):
        if limit.most is not None and (load := limit.load(held)) > limit.most:
            yield limit, load


def limited(
    problem: Problem, held: Mapping[Pair, int], worth: Mapping[Pair, int], firm: Collection[Pair]
) -> tuple[dict[Pair, int], bool]:
    """What is left once no limit is exceeded, and whether it could be: meetings give way, the least valuable
    first, firm ones never."""
    kept, complete = dict(held), True
    for limit, _ in broken(problem, held):
        load = limit.load(kept)
        mine = [pair for pair, slots, _ in limit.terms if kept.get(pair, -1) in slots and pair not in firm]
        for pair in sorted(mine, key=lambda p: (worth.get(p, 0), p)):
            if load <= (limit.most or 0):
                break
            del kept[pair]
            load = limit.load(kept)
        complete = complete and load <= (limit.most or 0)
    return kept, complete
