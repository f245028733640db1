"""For each candidate that is not held, why."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection

from matching.scheduling.model.diagnostics import Unplaced
from matching.scheduling.model.limits import limits
from matching.scheduling.model.problem import Candidate, Problem
from matching.scheduling.model.schedule import HeldGroup, Meeting


def explain(
    problem: Problem, meetings: tuple[Meeting, ...], groups: tuple[HeldGroup, ...]
) -> tuple[Unplaced, ...]:
    """In the order tried: forbidden, no_common_slot, maximum_reached (`by` whom), tables_full, walk (rooms
    too far), a limit (max_a_day, quota, order or equipment, `by` whose or which), no_rest (`by` whose day has
    a rule), disliked_slots (only slots that cost more are left),
    outscored (`by` the meetings of greater value at their common slots, dearest first), outscored_together
    (no single one is worth more, but giving them up would cost more)."""
    held = {(meeting.a, meeting.v) for meeting in meetings}
    waiting = [c for c in problem.candidates if (c.a, c.v) not in held]
    if not waiting:
        return ()
    day = _Day(problem, meetings, groups)
    return tuple(Unplaced(c.a, c.v, *day.reason(c)) for c in waiting)


class _Day:
    """Who is busy when, what is full, and what each meeting held is worth."""

    def __init__(
        self, problem: Problem, meetings: tuple[Meeting, ...], groups: tuple[HeldGroup, ...]
    ) -> None:
        self.problem = problem
        future = -1 << problem.started
        self.windows = {i: slots & future for i, slots in _windows(problem, groups).items()}
        self.held = {(meeting.a, meeting.v): meeting.slot for meeting in meetings}
        hard = [limit for limit in limits(problem) if limit.most is not None]
        self.hard = [(limit, limit.load(self.held)) for limit in hard]
        self.limits_of: dict[tuple[str, str], list[tuple[int, Collection[int], int]]] = defaultdict(list)
        for place, limit in enumerate(hard):
            for one, slots, weight in limit.terms:
                self.limits_of[one].append((place, slots, weight))
        self.taken: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
        for meeting in meetings:
            for identifier in (meeting.a, meeting.v):
                self.taken[identifier][meeting.slot] = (meeting.a, meeting.v)
        counts = Counter(identifier for m in meetings for identifier in (m.a, m.v))
        remote = {(c.a, c.v) for c in problem.candidates if c.remote}
        loads = Counter(m.slot for m in meetings if (m.a, m.v) not in remote)
        self.room = sum(1 << s for s in range(problem.slots) if loads[s] < problem.tables[s])
        self.tables = sum(1 << s for s in range(problem.slots) if problem.tables[s] > 0)
        self.busy = {identifier: sum(1 << slot for slot in at) for identifier, at in self.taken.items()}
        full_at = _full_at(problem, meetings, groups)
        self.busy |= {i: sum(1 << slot for slot in slots) for i, slots in full_at.items()}
        self.full = {p.id for p in problem.participants if p.max is not None and counts[p.id] >= p.max}
        self.resting = {person.id for person in problem.participants if person.has_rests}
        self.forbidden = set(problem.forbidden)
        self.values: dict[tuple[str, ...], float] = {(c.a, c.v): c.worth for c in problem.candidates}
        bonus = {(c.a, c.v): dict(c.slot_bonus) for c in problem.candidates if c.slot_bonus}
        for meeting in meetings:
            if (meeting.a, meeting.v) in bonus:
                self.values[meeting.a, meeting.v] += bonus[meeting.a, meeting.v].get(meeting.slot, 0)
        self.pinned: set[tuple[str, ...]] = {(pin.a, pin.v) for pin in problem.pinned}

    def reason(self, candidate: Candidate) -> tuple[str, tuple[tuple[str, ...], ...]]:
        """Why it is not held, and by whom or what."""
        pair = (candidate.a, candidate.v)
        common = self.windows[candidate.a] & self.windows[candidate.v]
        free = common & ~self.busy.get(candidate.a, 0) & ~self.busy.get(candidate.v, 0)
        seated = free if candidate.remote else free & self.room
        if pair in self.forbidden:
            return "forbidden", ()
        if not common:
            return "no_common_slot", ()
        if at_most := tuple((i,) for i in pair if i in self.full):
            return "maximum_reached", at_most
        if not candidate.remote and ((free and not free & self.room) or not common & self.tables):
            return "tables_full", ()
        if self.problem.walks and not candidate.remote and seated:
            return "walk", ()
        if seated and self.hard and (limit := self._limit(pair, seated)):
            return limit
        if seated and self.resting & {*pair}:
            return "no_rest", tuple((i,) for i in pair if i in self.resting)
        if seated and any(points < 0 for _, points in candidate.slot_bonus):
            return "disliked_slots", ()
        return self._outscored(candidate, common)

    def _limit(self, pair: tuple[str, str], slots: int) -> tuple[str, tuple[tuple[str, ...], ...]] | None:
        """What limit every free slot of a pair would exceed."""
        found: dict[int, tuple[str, str]] = {}
        for place, at, weight in self.limits_of.get(pair, ()):
            limit, load = self.hard[place]
            if load + weight > (limit.most or 0):
                found |= {slot: (limit.code, limit.name) for slot in at if slot not in found}
        free = [slot for slot in range(self.problem.slots) if slots >> slot & 1]
        if not all(slot in found for slot in free):
            return None
        code, name = found[free[0]]
        return code, ((name,),)

    def _outscored(self, candidate: Candidate, common: int) -> tuple[str, tuple[tuple[str, ...], ...]]:
        mine = (self.taken[candidate.a], self.taken[candidate.v])
        rivals = {at[s] for at in mine for s in at if common >> s & 1}
        best = candidate.worth + max((points for _, points in candidate.slot_bonus), default=0)
        dearer = [rival for rival in rivals if self._worth(rival) > best]
        by = tuple(sorted(dearer, key=lambda rival: (-self._worth(rival), rival)))
        return ("outscored", by) if by else ("outscored_together", ())

    def _worth(self, rival: tuple[str, ...]) -> float:
        return math.inf if rival in self.pinned else self.values.get(rival, 0)


def _full_at(
    problem: Problem, meetings: tuple[Meeting, ...], groups: tuple[HeldGroup, ...]
) -> dict[str, list[int]]:
    """Of those who may hold several activities at once, the slots where they can hold no more."""
    several = {person.id: person for person in problem.participants if person.is_parallel}
    if not several:
        return {}
    hosts = {group.id: group.ambassador for group in problem.groups}
    loads = Counter((i, m.slot) for m in meetings for i in (m.a, m.v) if i in several)
    loads.update((i, g.slot) for g in groups for i in (hosts[g.id], *g.vendors) if i in several)
    return {
        i: [slot for slot in range(problem.slots) if loads[i, slot] >= person.capacity(slot)]
        for i, person in several.items()
    }


def _windows(problem: Problem, groups: tuple[HeldGroup, ...]) -> dict[str, int]:
    """Slots (bits) each participant attends outside group sessions."""
    everything = (1 << problem.slots) - 1
    windows = {
        person.id: everything if person.avail is None else sum(1 << slot for slot in person.avail)
        for person in problem.participants
    }
    hosts = {group.id: group.ambassador for group in problem.groups}
    several = {person.id for person in problem.participants if person.is_parallel}
    for group in groups:
        for identifier in (hosts[group.id], *group.vendors):
            if identifier not in several:
                windows[identifier] &= ~(1 << group.slot)
    return windows
