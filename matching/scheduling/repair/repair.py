"""Repairs a published schedule after no-shows, late arrivals, lost tables or newcomers.

First what frees itself is filled, moving nobody; then, on request, the best schedule with a price for each
meeting changed and at most so many changes per person. Slots already started stay as they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from matching.scheduling.budget import Budget
from matching.scheduling.construct.tables import give_tables
from matching.scheduling.model.objective import Objective
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import HeldGroup, Meeting, Schedule, relative_gap, worth
from matching.scheduling.repair.events import Event, apply_events
from matching.scheduling.repair.moves import best_moves
from matching.scheduling.repair.reseating import keep_tables, reseat


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting of the difference: dropped (`to` None), added (`origin` None) or moved, and why.

    `by`: what takes the place of one given up, or the place of which one added takes."""

    a: str
    v: str
    origin: int | None
    to: int | None
    reason: str
    by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """The problem left, the repaired schedule and its differences to what was published.

    `bound` of the schedule bounds the value less the price of moves where moves were allowed; with nobody
    moved nothing is proved and the bound is the published one's."""

    problem: Problem
    schedule: Schedule
    dropped: tuple[Change, ...]
    moved: tuple[Change, ...]
    added: tuple[Change, ...]


def repair(
    problem: Problem,
    published: Schedule,
    events: Iterable[Event],
    *,
    started: int = 0,
    allow_moves: bool = False,
    price: float = 1,
    cap: int | None = None,
    time_limit_s: float = 10,
    should_stop: Callable[[], bool] | None = None,
) -> Repair:
    """Repair from slot `started` on (earlier ones are frozen); `price` in points for each meeting moved
    or given up, `cap` how many per person. Instant unless moves are allowed; stopped, it moves nobody."""
    after = apply_events(problem, events)
    groups = _surviving_groups(after, published, started)
    kept, dropped = _survivors(after, published, groups, started)
    slots = {(m.a, m.v): m.slot for m in kept}
    _fill(after, slots, groups, started)
    slots = reseat(after, slots, published)
    bound = None
    if allow_moves:
        budget = Budget(time_limit_s, None, should_stop)
        old = {(m.a, m.v): m.slot for m in published.meetings}
        slots, bound = best_moves(
            after, slots, groups, old, started=started, price=price, cap=cap, budget=budget
        )
        slots = reseat(after, slots, published)
    return _answer(after, published, slots, groups, dropped, bound)


def _surviving_groups(after: Problem, published: Schedule, started: int) -> tuple[HeldGroup, ...]:
    people = {person.id: person for person in after.participants}
    wanted = {group.id: group for group in after.groups}
    kept = []
    for held in published.groups:
        vendors = tuple(v for v in held.vendors if held.slot < started or people[v].is_available(held.slot))
        group = wanted[held.id]
        if held.slot < started or people[group.ambassador].is_available(held.slot):
            kept.append(HeldGroup(held.id, held.slot, held.room, vendors))
    return tuple(kept)


def _survivors(
    after: Problem, published: Schedule, groups: tuple[HeldGroup, ...], started: int
) -> tuple[list[Meeting], list[Change]]:
    """Meetings that can stand where they are, and those that cannot or that nobody wants any more, with the
    reason."""
    people = {person.id: person for person in after.participants}
    values = {(c.a, c.v): c for c in after.candidates}
    pins = {(pin.a, pin.v) for pin in after.pinned}
    wanted = (values.keys() | pins) - set(after.forbidden)
    loads: Counter[int] = Counter()
    kept, dropped = [], []
    order = sorted(
        published.meetings,
        key=lambda m: ((m.a, m.v) not in pins, -values[m.a, m.v].w if (m.a, m.v) in values else 0),
    )
    for meeting in order:
        candidate = values.get((meeting.a, meeting.v))
        seated = candidate is None or not candidate.remote
        absent = [i for i in (meeting.a, meeting.v) if not people[i].is_available(meeting.slot)]
        full = seated and loads[meeting.slot] >= after.tables[meeting.slot]
        unwanted = (meeting.a, meeting.v) not in wanted
        if meeting.slot >= started and (absent or full or unwanted):
            reason = f"{absent[0]} is absent" if absent else "no table is left"
            reason = "withdrawn" if unwanted else reason
            dropped.append(Change(meeting.a, meeting.v, meeting.slot, None, reason))
            continue
        loads[meeting.slot] += seated
        kept.append(meeting)
    return kept, dropped


def _fill(
    after: Problem, slots: dict[tuple[str, str], int], groups: tuple[HeldGroup, ...], started: int
) -> None:
    """Add meetings where both people and a table are free, most valuable first, moving nobody."""
    future = (1 << after.slots) - (1 << started)
    free = {
        p.id: future if p.avail is None else sum(1 << s for s in p.avail) & future for p in after.participants
    }
    hosts = {group.id: group.ambassador for group in after.groups}
    for group in groups:
        for identifier in (hosts[group.id], *group.vendors):
            free[identifier] &= ~(1 << group.slot)
    remote = {(c.a, c.v) for c in after.candidates if c.remote}
    count: Counter[str] = Counter()
    load = [0] * after.slots
    for (a, v), slot in slots.items():
        free[a] &= ~(1 << slot)
        free[v] &= ~(1 << slot)
        count[a] += 1
        count[v] += 1
        load[slot] += (a, v) not in remote
    most = {p.id: after.slots if p.max is None else p.max for p in after.participants}
    least = {p.id: p.min for p in after.participants}
    tables = sum(1 << s for s in range(after.slots) if load[s] < after.tables[s])
    forbidden = set(after.forbidden)
    open_pairs = [
        c
        for c in after.candidates
        if free[c.a] & free[c.v] & (-1 if c.remote else tables)
        and (c.a, c.v) not in slots
        and (c.a, c.v) not in forbidden
    ]
    short = {i for i, n in least.items() if count[i] < n}
    open_pairs.sort(key=lambda c: (-(c.a in short) - (c.v in short), -c.w))
    for candidate in open_pairs:
        a, v = candidate.a, candidate.v
        common = free[a] & free[v] & (-1 if candidate.remote else tables)
        if not common or count[a] >= most[a] or count[v] >= most[v]:
            continue
        slot = (common & -common).bit_length() - 1
        slots[a, v] = slot
        free[a] &= ~(1 << slot)
        free[v] &= ~(1 << slot)
        count[a] += 1
        count[v] += 1
        if not candidate.remote:
            load[slot] += 1
            tables &= ~(1 << slot) if load[slot] >= after.tables[slot] else -1


def _answer(  # noqa: PLR0917 - private
    after: Problem,
    published: Schedule,
    slots: dict[tuple[str, str], int],
    groups: tuple[HeldGroup, ...],
    dropped: list[Change],
    bound: float | None,
) -> Repair:
    old = {(m.a, m.v): m.slot for m in published.meetings}
    gone = {(change.a, change.v) for change in dropped}
    lost = [c for c in dropped if (c.a, c.v) not in slots]
    given_up = {pair: slot for pair, slot in old.items() if pair not in slots and pair not in gone}
    new = {pair: slot for pair, slot in slots.items() if old.get(pair) != slot}
    lost += [
        Change(*pair, slot, None, "gives way to a better meeting", _beside(pair, slot, new))
        for pair, slot in given_up.items()
    ]
    moved = [
        Change(*pair, old[pair], slot, "its slot is lost" if pair in gone else "makes room for more")
        for pair, slot in slots.items()
        if pair in old and old[pair] != slot
    ]
    added = []
    for pair, slot in slots.items():
        if pair not in old:
            by = _beside(pair, slot, given_up)
            reason = "takes the place of another" if by else "fills a freed slot"
            added.append(Change(*pair, None, slot, reason, by))
    if after.walks:
        meetings = keep_tables(after, slots, published)
    else:
        standing = {
            (m.a, m.v): m.table
            for m in published.meetings
            if m.table is not None and slots.get((m.a, m.v)) == m.slot
        }
        meetings = give_tables(after, slots, None, standing)
    draft = Schedule(meetings, groups, 0, 0, 0, "feasible")
    measure = Objective(after)
    objective = measure.points(measure.value(*worth(draft)))
    top = max(objective, published.bound if bound is None else bound)
    kept = {(pin.a, pin.v) for pin in after.pinned} <= slots.keys()
    kept = kept and {group.id for group in after.groups} == {held.id for held in groups}
    status = "feasible" if kept else "infeasible"
    schedule = Schedule(meetings, groups, objective, top, relative_gap(objective, top), status)
    return Repair(after, schedule, tuple(lost), tuple(moved), tuple(added))


def _beside(
    pair: tuple[str, str], slot: int, others: Mapping[tuple[str, str], int]
) -> tuple[tuple[str, str], ...]:
    """Of these meetings, those of the same two people at the same slot."""
    return tuple(sorted(o for o, at in others.items() if at == slot and (o[0] == pair[0] or o[1] == pair[1])))
