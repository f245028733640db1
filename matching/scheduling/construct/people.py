"""Who of a delegation with named people holds each of its meetings: who is present, the least busy first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from matching.scheduling.model.problem import Participant, Problem
from matching.scheduling.model.schedule import HeldGroup, Meeting


def name_people(
    problem: Problem, meetings: tuple[Meeting, ...], groups: Iterable[HeldGroup]
) -> tuple[Meeting, ...]:
    """The meetings with a person each on both sides, where the delegation names its people.

    A meeting that has its person already keeps it. Sessions take someone too."""
    named = {person.id: person for person in problem.participants if person.people}
    if not named:
        return meetings
    hosts = {group.id: group.ambassador for group in problem.groups}
    load: dict[str, Counter[str]] = defaultdict(Counter)
    taken: dict[tuple[str, int], set[str]] = defaultdict(set)
    for m in meetings:
        for identifier, name in ((m.a, m.a_person), (m.v, m.v_person)):
            if name is not None:
                taken[identifier, m.slot].add(name)
    for group in groups:
        for identifier in (hosts[group.id], *group.vendors):
            _next(named, identifier, group.slot, taken, load)

    def of(identifier: str, slot: int, name: str | None) -> str | None:
        return name or _next(named, identifier, slot, taken, load)

    return tuple(
        replace(m, a_person=of(m.a, m.slot, m.a_person), v_person=of(m.v, m.slot, m.v_person))
        for m in meetings
    )


def _next(
    named: dict[str, Participant],
    identifier: str,
    slot: int,
    taken: dict[tuple[str, int], set[str]],
    load: dict[str, Counter[str]],
) -> str | None:
    if identifier not in named:
        return None
    free = [name for name in named[identifier].present(slot) if name not in taken[identifier, slot]]
    name = min(free, key=lambda one: load[identifier][one])
    taken[identifier, slot].add(name)
    load[identifier][name] += 1
    return name
