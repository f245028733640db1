"""Pins and sessions that a repair can keep no more, and why."""

from __future__ import annotations

from dataclasses import replace

from matching.scheduling.model.problem import Group, Pin, Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.repair.changes import Lost
from matching.scheduling.repair.model import Found
from matching.scheduling.studies.conflicts import commitments_bottleneck


def without_impossible(
    asked: Problem, left: Problem, published: Schedule, started: int
) -> tuple[Problem, list[Lost]]:
    """The problem left without the pins and sessions that nothing could keep any more, each named.

    `asked`: the problem before its past was pinned, to tell pins that history has overtaken."""
    lost = []
    past = {(m.a, m.v) for m in published.meetings if m.slot < started}
    pinned = {(pin.a, pin.v): pin for pin in left.pinned}
    for pin in asked.pinned:
        now = pinned[pin.a, pin.v]
        if (pin.a, pin.v) in past:
            if not _as_asked(pin, now):
                lost.append(Lost(pin.a, pin.v, f"was held at slot {now.slot}"))
        elif reason := _impossible_pin(left, now, started):
            lost.append(Lost(pin.a, pin.v, reason))
            del pinned[pin.a, pin.v]
    groups = []
    for group in left.groups:
        if reason := _impossible_group(left, group):
            lost.append(Lost(group.id, None, reason))
        else:
            groups.append(group)
    return replace(left, pinned=tuple(pinned.values()), groups=tuple(groups)), lost


def _as_asked(asked: Pin, held: Pin) -> bool:
    as_to_slot = (
        held.slot is not None
        and (asked.slot in (None, held.slot))
        and (asked.slots is None or held.slot in asked.slots)
    )
    return as_to_slot and asked.table in (None, held.table)


def _impossible_pin(problem: Problem, pin: Pin, started: int) -> str | None:
    if (pin.a, pin.v) in problem.forbidden:
        return "forbidden"
    people = {p.id: p for p in problem.participants if p.id in (pin.a, pin.v)}
    if pin.slot is not None and pin.slot < started:
        return f"slot {pin.slot} has begun"
    slots = [slot for slot in pin.choices(problem.slots) if slot >= started]
    both = [s for s in slots if all(person.is_available(s) for person in people.values())]
    if not both:
        absent = [i for i, person in people.items() if not any(map(person.is_available, slots))]
        return f"{absent[0]} is absent" if absent else "they have no common slot left"
    remote = any(c.remote for c in problem.candidates if (c.a, c.v) == (pin.a, pin.v))
    least = 0 if remote else 1 if pin.table is None else pin.table + 1
    return None if any(problem.tables[s] >= least for s in both) else "no table is left"


def _impossible_group(problem: Problem, group: Group) -> str | None:
    people = {person.id: person for person in problem.participants}
    slots = range(problem.slots) if group.slots is None else group.slots
    hosted = [slot for slot in slots if people[group.ambassador].is_available(slot)]
    if not hosted:
        return f"{group.ambassador} is absent"
    if not problem.rooms:
        return "no room is left"
    most = max(sum(people[seat.v].is_available(slot) for seat in group.vendors) for slot in hosted)
    if group.min <= min(group.cap, most):
        return None
    return f"fewer than {group.min} invited vendors are present"


def not_held(problem: Problem, found: Found) -> list[tuple[str, ...]]:
    """Pairs pinned and sessions that a repair leaves out."""
    pins = [(pin.a, pin.v) for pin in problem.pinned if (pin.a, pin.v) not in found.meetings]
    return [*pins, *((group.id,) for group in problem.groups if group.id not in found.committed.groups)]


def not_kept(problem: Problem, found: Found, seed: int) -> list[Lost]:
    """Pins and sessions that stand in each other's way, with those they cannot be held together with."""
    missing = not_held(problem, found)
    if not missing:
        return []
    conflict = next(iter(commitments_bottleneck(problem, seed)), None)
    names = conflict.limits[0].items if conflict else ()

    def reason(name: str) -> str:
        others = ", ".join(other for other in names if other != name)
        return f"cannot be held together with {others}" if others and name in names else "cannot be held"

    return [Lost(name[0], name[1] if len(name) > 1 else None, reason("/".join(name))) for name in missing]


def without_lost(problem: Problem, lost: list[Lost]) -> Problem:
    """The problem without the commitments lost."""
    pins = {(entry.a, entry.v) for entry in lost}
    groups = {entry.a for entry in lost if entry.v is None}
    return replace(
        problem,
        pinned=tuple(pin for pin in problem.pinned if (pin.a, pin.v) not in pins),
        groups=tuple(group for group in problem.groups if group.id not in groups),
    )
