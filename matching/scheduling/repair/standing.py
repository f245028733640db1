"""What of a published schedule could stand where it is, one thing at a time, and why the rest cannot."""

from __future__ import annotations

from dataclasses import dataclass, field

from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule

Pair = tuple[str, str]


@dataclass(slots=True)
class Standing:
    """Slot of each meeting and session that could stand, the seats that could, and why others cannot.

    `old`, `old_groups`: every published slot; `hosts` of sessions; `lost`: the reason for each meeting,
    session (a name alone) or seat (session, vendor) that cannot stand."""

    meetings: dict[Pair, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    seats: set[Pair] = field(default_factory=set)
    old: dict[Pair, int] = field(default_factory=dict)
    old_groups: dict[str, int] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    lost: dict[tuple[str, ...], str] = field(default_factory=dict)


def standing(problem: Problem, published: Schedule) -> Standing:
    """Each published activity against presence, wishes, pins, tables and slots of the problem."""
    found = Standing(
        old={(m.a, m.v): m.slot for m in published.meetings},
        old_groups={group.id: group.slot for group in published.groups},
        hosts={group.id: group.ambassador for group in problem.groups},
    )
    _stand_meetings(problem, found)
    _stand_sessions(problem, published, found)
    return found


def _stand_meetings(problem: Problem, found: Standing) -> None:
    people = {person.id: person for person in problem.participants}
    remote = {(c.a, c.v): c.remote for c in problem.candidates}
    pins = {(pin.a, pin.v): pin for pin in problem.pinned}
    wanted = (remote.keys() | pins.keys()) - set(problem.forbidden)
    for pair, slot in found.old.items():
        absent = [i for i in pair if not people[i].is_available(slot)]
        pin = pins.get(pair)
        least = 0 if remote.get(pair) else 1 if pin is None or pin.table is None else pin.table + 1
        if pair not in wanted:
            found.lost[pair] = "withdrawn"
        elif absent:
            found.lost[pair] = f"{absent[0]} is absent"
        elif pin is not None and slot not in pin.choices(problem.slots):
            found.lost[pair] = f"pinned at slot {', '.join(map(str, pin.choices(problem.slots)))}"
        elif problem.tables[slot] < least:
            found.lost[pair] = "no table is left"
        else:
            found.meetings[pair] = slot


def _stand_sessions(problem: Problem, published: Schedule, found: Standing) -> None:
    people = {person.id: person for person in problem.participants}
    wanted = {group.id: group for group in problem.groups}
    for held in published.groups:
        group = wanted.get(held.id)
        if group is None:
            found.lost[(held.id,)] = "cannot be held any more"
        elif not people[group.ambassador].is_available(held.slot):
            found.lost[(held.id,)] = f"{group.ambassador} is absent"
        elif group.slots is not None and held.slot not in group.slots:
            found.lost[(held.id,)] = f"slot {held.slot} is no longer possible"
        else:
            found.groups[held.id] = held.slot
            invited = {seat.v for seat in group.vendors}
            for vendor in held.vendors:
                if vendor not in invited:
                    found.lost[held.id, vendor] = "withdrawn"
                elif not people[vendor].is_available(held.slot):
                    found.lost[held.id, vendor] = f"{vendor} is absent"
                else:
                    found.seats.add((held.id, vendor))
