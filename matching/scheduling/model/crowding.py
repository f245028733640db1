"""Pinned meetings and sessions that want more slots, tables or rooms together than there are, named by the
smallest such set (Hall 1935): everyone can be placed if and only if no set wants more than its slots hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from matching.scheduling.model.entities import Participant
from matching.scheduling.model.fields import FaultList

Choices = Sequence[Sequence[int]]
Wish = tuple[str, list[int]]  # what must be held, and its possible slots


def find_crowds(fields: Mapping[str, Any], faults: FaultList) -> None:
    """Add a fault for each person, each table, the tables and the rooms that pins and sessions overfill."""
    people: dict[str, Participant] = {person.id: person for person in fields["participants"]}
    remote = {(c.a, c.v) for c in fields["candidates"] if c.remote}
    tables, slots = fields["tables"], range(fields["slots"])
    by_person: dict[str, list[Wish]] = defaultdict(list)
    by_table: dict[int, list[Wish]] = defaultdict(list)
    seated: list[Wish] = []
    for pin in fields["pinned"]:
        least = 0 if (pin.a, pin.v) in remote else 1 if pin.table is None else pin.table + 1
        choices = [
            slot
            for slot in pin.choices(len(slots))
            if people[pin.a].is_available(slot) and people[pin.v].is_available(slot) and tables[slot] >= least
        ]
        wish = (f"{pin.a}/{pin.v}", choices)
        by_person[pin.a].append(wish)
        by_person[pin.v].append(wish)
        if least:
            seated.append(wish)
        if pin.table is not None:
            by_table[pin.table].append(wish)
    sessions = _sessions(fields, people, by_person)
    once = [1] * fields["slots"]
    for identifier, wishes in by_person.items():
        room = [people[identifier].capacity(slot) for slot in slots]
        _add(faults, "crowded_person", identifier, (f"participant {identifier!r}", ""), wishes, room)
    for table, wishes in by_table.items():
        _add(faults, "crowded_table", str(table), (f"table {table}", ""), wishes, once)
    _add(faults, "crowded_tables", None, ("tables", " tables"), seated, tables)
    _add(faults, "crowded_rooms", None, ("rooms", " rooms"), sessions, [fields["rooms"]] * fields["slots"])


def _sessions(
    fields: Mapping[str, Any], people: Mapping[str, Participant], by_person: dict[str, list[Wish]]
) -> list[Wish]:
    """Each session with the slots of those it needs: its host, and all vendors where it can spare none."""
    found = []
    for group in fields["groups"]:
        slots = range(fields["slots"]) if group.slots is None else group.slots
        forced = [seat.v for seat in group.vendors] if group.min == len(group.vendors) else []
        attending = [group.ambassador, *forced]
        wish = (
            f"session {group.id}",
            [s for s in slots if all(people[i].is_available(s) for i in attending)],
        )
        found.append(wish)
        for identifier in attending:
            by_person[identifier].append(wish)
    return found


def _add(  # noqa: PLR0917 - private
    faults: FaultList,
    code: str,
    item: str | None,
    words: tuple[str, str],
    wishes: Sequence[Wish],
    room: Sequence[int],
) -> None:
    crowd = overfull([choices for _, choices in wishes], room)
    if crowd is None:
        return
    members, slots = crowd
    subject, unit = words
    places = sum(room[slot] for slot in slots)
    where = f"slots {', '.join(map(str, slots))}" if slots else "no slot"
    faults.add(
        code,
        item or "/".join(map(str, slots)),
        f"{subject}: {', '.join(wishes[m][0] for m in members)} must all be held at {where}:"
        f" {len(members)} wanted, {places}{unit or ' possible'}",
    )


def overfull(choices: Choices, room: Sequence[int]) -> tuple[list[int], list[int]] | None:
    """An irreducible set of members and the slots they share, when not all can be placed; else None.

    `choices[n]`: slots of member n; `room[s]`: members slot s holds. The alternating tree of a member that
    finds no place is such a set."""
    held: dict[int, list[int]] = defaultdict(list)
    at: dict[int, int] = {}
    for root in range(len(choices)):
        reached: dict[int, int] = {}
        queue, free = [root], None
        for member in queue:
            for slot in choices[member]:
                if slot in reached:
                    continue
                reached[slot] = member
                if len(held[slot]) < room[slot]:
                    free = slot
                    break
                queue += held[slot]
            if free is not None:
                break
        if free is None:
            return sorted(queue), sorted(reached)
        while free is not None:
            member = reached[free]
            held[free].append(member)
            before = at.get(member)
            if before is not None:
                held[before].remove(member)
            at[member], free = free, before
    return None
