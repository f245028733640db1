"""The one statement of what a schedule is worth; models, bounds and the checker all take it from here.

objective = points of the meetings held, the bonus of their slots included, + points of the seats taken
            - penalty x meetings missing to minimums, of people, of their days and of quotas

Everything is counted in whole multiples of 1 / `scale` points, so that sums are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matching.scheduling.model.limits import limits
from matching.scheduling.model.problem import Problem

Pair = tuple[str, str]
FINEST = 10**6  # values are read to six decimals


class Objective:
    """`meeting`: value of each candidate (pins that are none are worth 0); `seat`: of each (session, vendor);
    `penalty`: for each meeting missing to a minimum; all scaled, so finely that `prices` are whole too."""

    def __init__(self, problem: Problem, prices: Iterable[float] = ()) -> None:
        self.scale = _scale(problem, prices)
        self.meeting: dict[Pair, int] = {(c.a, c.v): self.scaled(c.worth) for c in problem.candidates}
        for pin in problem.pinned:
            self.meeting.setdefault((pin.a, pin.v), 0)
        self.seat = {(g.id, s.v): self.scaled(s.w) for g in problem.groups for s in g.vendors}
        self.bonus: dict[Pair, dict[int, int]] = {
            (c.a, c.v): {slot: self.scaled(points) for slot, points in c.slot_bonus}
            for c in problem.candidates
            if c.slot_bonus
        }
        self.floors = [limit for limit in limits(problem) if limit.most is None]
        self.penalty = self.scaled(problem.shortfall_penalty)
        self.least = {person.id: person.min for person in problem.participants if person.min}

    def at(self, pair: Pair, slot: int) -> int:
        """What a meeting is worth at a slot."""
        bonus = self.bonus.get(pair)
        return self.meeting.get(pair, 0) + (bonus.get(slot, 0) if bonus else 0)

    def value(self, meetings: Iterable[tuple[Pair, int]], seats: Iterable[tuple[str, str]]) -> int:
        """What these meetings at their slots and (session, vendor) seats are worth; unknown ones nothing."""
        total, counts = 0, Counter[str]()
        meetings = list(meetings)
        for pair, slot in meetings:
            total += self.at(pair, slot)
            counts.update(pair)
        total += sum(self.seat.get(seat, 0) for seat in seats)
        missing = sum(max(0, least - counts[identifier]) for identifier, least in self.least.items())
        if self.floors:
            held = dict(meetings)
            missing += sum(floor.missing(floor.load(held)) for floor in self.floors)
        return total - self.penalty * missing

    def scaled(self, points: float) -> int:
        """Points as a whole number."""
        return round(points * self.scale)

    def points(self, value: int) -> float:
        """A whole number in points again."""
        return value if self.scale == 1 else value / self.scale


def _scale(problem: Problem, prices: Iterable[float]) -> int:
    """The smallest power of ten that makes every value an integer."""
    values = [candidate.worth for candidate in problem.candidates] + [problem.shortfall_penalty]
    values += [points for candidate in problem.candidates for _, points in candidate.slot_bonus]
    values += [*prices, *(seat.w for group in problem.groups for seat in group.vendors)]
    scale = 1
    while scale < FINEST and any(
        abs(w * scale - round(w * scale)) > 1e-7 for w in values if isinstance(w, float)
    ):
        scale *= 10
    return scale
