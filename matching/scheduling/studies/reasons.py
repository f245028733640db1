"""For each candidate that is not held, why."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from matching.scheduling.model.diagnostics import Unplaced
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import HeldGroup, Meeting


def explain(
    problem: Problem, meetings: tuple[Meeting, ...], groups: tuple[HeldGroup, ...]
) -> tuple[Unplaced, ...]:
    """In the order tried: forbidden, no_common_slot, maximum_reached (`by` whom), tables_full, walk (rooms
    too far), outscored (`by` the meetings of greater value at their common slots, dearest first), or
    outscored_together (no single one is worth more, but giving them up would cost more)."""
    held = {(meeting.a, meeting.v) for meeting in meetings}
    waiting = [c for c in problem.candidates if (c.a, c.v) not in held]
    if not waiting:
        return ()
    windows = _windows(problem, groups)
    taken: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    for meeting in meetings:
        taken[meeting.a][meeting.slot] = taken[meeting.v][meeting.slot] = (meeting.a, meeting.v)
    remote = {(c.a, c.v) for c in problem.candidates if c.remote}
    loads = Counter(m.slot for m in meetings if (m.a, m.v) not in remote)
    room = sum(1 << s for s in range(problem.slots) if loads[s] < problem.tables[s])
    tables = sum(1 << s for s in range(problem.slots) if problem.tables[s] > 0)
    busy = {identifier: sum(1 << slot for slot in at) for identifier, at in taken.items()}
    full = {p.id for p in problem.participants if p.max is not None and len(taken[p.id]) >= p.max}
    forbidden = set(problem.forbidden)
    values: dict[tuple[str, ...], float] = {(c.a, c.v): c.w for c in problem.candidates}
    pinned: set[tuple[str, ...]] = {(pin.a, pin.v) for pin in problem.pinned}

    def worth(rival: tuple[str, ...]) -> float:
        return math.inf if rival in pinned else values.get(rival, 0)

    found = []
    for candidate in waiting:
        pair = (candidate.a, candidate.v)
        common = windows[candidate.a] & windows[candidate.v]
        free = common & ~busy.get(candidate.a, 0) & ~busy.get(candidate.v, 0)
        by: tuple[tuple[str, ...], ...] = ()
        if pair in forbidden:
            reason = "forbidden"
        elif not common:
            reason = "no_common_slot"
        elif at_most := tuple((i,) for i in pair if i in full):
            reason, by = "maximum_reached", at_most
        elif not candidate.remote and ((free and not free & room) or not common & tables):
            reason = "tables_full"
        elif problem.walks and not candidate.remote and free & room:
            reason = "walk"
        else:
            rivals = {at[s] for at in (taken[candidate.a], taken[candidate.v]) for s in at if common >> s & 1}
            dearer = [rival for rival in rivals if worth(rival) > candidate.w]
            by = tuple(sorted(dearer, key=lambda rival: (-worth(rival), rival)))
            reason = "outscored" if by else "outscored_together"
        found.append(Unplaced(*pair, reason, by))
    return tuple(found)


def _windows(problem: Problem, groups: tuple[HeldGroup, ...]) -> dict[str, int]:
    """Slots (bits) each participant attends outside group sessions."""
    everything = (1 << problem.slots) - 1
    windows = {
        person.id: everything if person.avail is None else sum(1 << slot for slot in person.avail)
        for person in problem.participants
    }
    hosts = {group.id: group.ambassador for group in problem.groups}
    for group in groups:
        for identifier in (hosts[group.id], *group.vendors):
            windows[identifier] &= ~(1 << group.slot)
    return windows
