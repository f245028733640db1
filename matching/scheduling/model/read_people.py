"""Reads participants: presence, minimums and maximums, people and the rules of their day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from matching.scheduling.model.entities import Participant, Person
from matching.scheduling.model.fields import FaultList

SIDES = ("A", "V")


def read_participants(data: Mapping[str, Any], slots: int, faults: FaultList) -> tuple[Participant, ...]:
    """Everybody, each identifier once and each side with someone."""
    kept: dict[str, Participant] = {}
    owners: dict[int, str] = {}
    for place, row in enumerate(faults.rows(data, "participants")):
        person = read_participant(row, f"participants[{place}]", slots, faults)
        if person is None:
            continue
        identifier, item, table = person.id, f"participant {person.id!r}", person.table
        if identifier in kept:
            faults.add("duplicate_id", identifier, f"{item} appears twice")
            continue
        if table is not None and table in owners:
            faults.add(
                "shared_table", identifier, f"{item}: table {table} belongs to {owners[table]!r} already"
            )
        elif table is not None:
            owners[table] = identifier
        kept[identifier] = person
    for side in SIDES:
        if not any(participant.side == side for participant in kept.values()):
            faults.add("empty_side", side, f"side {side!r} has no participant")
    return tuple(kept.values())


def read_participant(row: Mapping[str, Any], path: str, slots: int, faults: FaultList) -> Participant | None:
    """One participant; None where it has no side to stand on."""
    identifier = faults.text(row, "id", path)
    item = f"participant {identifier!r}"
    side = row.get("side")
    if side not in SIDES:
        faults.add("bad_side", identifier, f'{item}: \'side\' must be "A" or "V", not {side!r}')
        return None
    least = faults.integer(row, "min", item, 0) or 0
    most = faults.integer(row, "max", item, None)
    if most is not None and least > most:
        faults.add("min_above_max", identifier, f"{item}: min {least} is above max {most}")
    table = faults.integer(row, "table", item, None)
    avail = faults.slot_list(row, "avail", item, slots)
    return _with_rules(Participant(identifier, str(side), avail, least, most, table), row, slots, faults)


def _with_rules(person: Participant, row: Mapping[str, Any], slots: int, faults: FaultList) -> Participant:
    """Its people, and the rules of its day."""
    item = f"participant {person.id!r}"
    people: dict[str, Person] = {}
    for place, entry in enumerate(faults.rows(row, "people")):
        path = f"{item}, people[{place}]"
        identifier = faults.text(entry, "id", path)
        if identifier in people:
            faults.add("duplicate_id", identifier, f"{path}: {identifier!r} appears twice")
        people[identifier] = Person(identifier, faults.slot_list(entry, "avail", path, slots))
    parallel = faults.integer(row, "parallel", item, None, least=1)
    if parallel is not None and people:
        faults.add("parallel_and_people", person.id, f"{item}: give either 'parallel' or 'people'")
    free = faults.slot_list(row, "free_one_of", item, slots) or ()
    count = faults.integer(row, "free_count", item, 1, least=1) or 1
    if free and count > len(free):
        faults.add("free_above_slots", person.id, f"{item}: {count} free slots of only {len(free)}")
    most_a_day = faults.integer(row, "max_a_day", item, None)
    least_a_day = faults.integer(row, "min_a_day", item, 0) or 0
    if most_a_day is not None and least_a_day > most_a_day:
        text = f"{item}: min_a_day {least_a_day} is above max_a_day {most_a_day}"
        faults.add("min_above_max", person.id, text)
    return replace(
        person,
        parallel=parallel or 1,
        people=tuple(people.values()),
        free_one_of=free,
        free_count=count,
        max_in_a_row=faults.integer(row, "max_in_a_row", item, None, least=1),
        min_gap=faults.integer(row, "min_gap", item, 0) or 0,
        max_a_day=most_a_day,
        min_a_day=least_a_day,
    )
