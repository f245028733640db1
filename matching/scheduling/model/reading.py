"""Reads the JSON of a problem into its parts, naming every fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from matching.scheduling.model.contradictions import find_contradictions
from matching.scheduling.model.crowding import find_crowds
from matching.scheduling.model.entities import Candidate, Group, Participant, Person, Pin, Seat
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.fields import DECIMALS, FaultList
from matching.scheduling.model.schema import BONUS, LARGEST, MOST_SLOTS, PROBLEM
from matching.scheduling.model.strict import fits, refuse_unknown

SHORTFALL_PENALTY = 1000
SIDES = ("A", "V")


def read_fields(data: object) -> dict[str, Any]:
    """The fields of a Problem; raises ProblemError with every fault of the file."""
    faults = FaultList()
    if not isinstance(data, Mapping):
        faults.add("bad_problem", "problem", "a problem must be a JSON object")
        raise ProblemError(faults.faults)
    refuse_unknown(data, PROBLEM, faults)
    faults.raise_if_any()
    slots = faults.integer(data, "slots", "problem", None, least=1, most=MOST_SLOTS)
    if slots is None:
        if not faults.faults:
            faults.add("missing_field", "problem", "problem: 'slots' must be an integer of at least 1")
        raise ProblemError(faults.faults)
    participants = _read_participants(data, slots, faults)
    sides = {participant.id: participant.side for participant in participants}
    groups = _read_groups(data, slots, sides, faults)
    tables = _read_tables(data, slots, faults)
    rooms = _read_table_rooms(data, tables, faults)
    fields = {
        "name": _read_name(data, faults),
        "slots": slots,
        "tables": tables,
        "rooms": faults.integer(data, "rooms", "problem", len(groups)),
        "shortfall_penalty": faults.points(data, "shortfall_penalty", "problem", SHORTFALL_PENALTY),
        "participants": participants,
        "candidates": read_candidates(data, slots, sides, faults),
        "pinned": _read_pins(data, slots, sides, faults),
        "forbidden": _read_forbidden(data, sides, faults),
        "groups": groups,
        "blocks": _read_blocks(data, slots, faults),
        "table_rooms": rooms,
        "walks": _read_walks(data, rooms, faults),
    }
    faults.raise_if_any()
    find_contradictions(fields, faults)
    faults.raise_if_any()
    find_crowds(fields, faults)
    faults.raise_if_any()
    return fields


def _read_name(data: Mapping[str, Any], faults: FaultList) -> str:
    name = "" if data.get("name") is None else data["name"]
    if not isinstance(name, str):
        faults.add("bad_text", "name", f"'name' must be text, not {name!r}")
    return str(name)


def _read_tables(data: Mapping[str, Any], slots: int, faults: FaultList) -> tuple[int, ...]:
    value = data.get("tables")
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value] * slots
    if not isinstance(value, list) or len(value) != slots:
        faults.add("bad_tables", "tables", f"'tables' must be an integer or a list of {slots} integers")
        return (0,) * slots
    if any(isinstance(count, bool) or not isinstance(count, int) for count in value) or not all(
        0 <= count <= LARGEST for count in value
    ):
        faults.add("bad_tables", "tables", f"'tables' must hold integers from 0 to {LARGEST}")
        return (0,) * slots
    return tuple(value)


def _read_participants(data: Mapping[str, Any], slots: int, faults: FaultList) -> tuple[Participant, ...]:
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
    return replace(
        person,
        parallel=parallel or 1,
        people=tuple(people.values()),
        free_one_of=free,
        free_count=count,
        max_in_a_row=faults.integer(row, "max_in_a_row", item, None, least=1),
        min_gap=faults.integer(row, "min_gap", item, 0) or 0,
    )


def known_pair(
    row: Mapping[str, Any], item: str, sides: Mapping[str, str], faults: FaultList
) -> tuple[str, str]:
    """The two identifiers of a row, each checked to exist on its side."""
    pair = (faults.text(row, "a", item), faults.text(row, "v", item))
    for identifier, side in zip(pair, SIDES, strict=True):
        if identifier and sides.get(identifier) != side:
            faults.add("unknown_id", identifier, f"{item}: no participant {identifier!r} on side {side!r}")
    return pair


def _read_bonus(
    row: Mapping[str, Any], item: str, slots: int, faults: FaultList
) -> tuple[tuple[int, float], ...]:
    """Points at some slots, by slot."""
    value = row.get("slot_bonus")
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        faults.add("bad_row", item, f"{item}: 'slot_bonus' must be an object of points by slot")
        return ()
    found = {}
    for slot, points in value.items():
        if not str(slot).isdecimal() or int(slot) >= slots:
            faults.add("unknown_slot", item, f"{item}: slot_bonus {slot!r} is no slot (0 to {slots - 1})")
        elif not fits(points, BONUS):
            faults.add("bad_number", item, f"{item}: slot_bonus {slot!r} must be a number, not {points!r}")
        else:
            found[int(slot)] = points if isinstance(points, int) else round(points, DECIMALS)
    return tuple(sorted(found.items()))


def read_candidates(
    data: Mapping[str, Any], slots: int, sides: Mapping[str, str], faults: FaultList
) -> tuple[Candidate, ...]:
    """The meetings that may be held."""
    kept: dict[tuple[str, str], Candidate] = {}
    for place, row in enumerate(faults.rows(data, "candidates")):
        item = f"candidates[{place}]"
        pair = known_pair(row, item, sides, faults)
        if pair in kept:
            faults.add(
                "duplicate_pair",
                f"{pair[0]}/{pair[1]}",
                f"{item}: {pair[0]!r} with {pair[1]!r} appears twice",
            )
        if "w" not in row:
            faults.add("missing_field", item, f"{item}: 'w' is missing")
        kept[pair] = Candidate(
            *pair,
            faults.points(row, "w", item),
            faults.flag(row, "remote", item),
            _read_bonus(row, item, slots, faults),
        )
    return tuple(kept.values())


def _read_pins(
    data: Mapping[str, Any], slots: int, sides: Mapping[str, str], faults: FaultList
) -> tuple[Pin, ...]:
    kept: dict[tuple[str, str], Pin] = {}
    for place, row in enumerate(faults.rows(data, "pinned")):
        item = f"pinned[{place}]"
        pair = known_pair(row, item, sides, faults)
        if pair in kept:
            faults.add(
                "duplicate_pin",
                f"{pair[0]}/{pair[1]}",
                f"{item}: {pair[0]!r} with {pair[1]!r} is pinned twice",
            )
        slot = faults.integer(row, "slot", item, None)
        if slot is not None and slot >= slots:
            faults.add("unknown_slot", item, f"{item}: {slot} is no slot (0 to {slots - 1})")
        choice = faults.slot_list(row, "slots", item, slots)
        if slot is not None and choice is not None:
            faults.add("slot_and_slots", item, f"{item}: give either 'slot' or 'slots'")
        kept[pair] = Pin(*pair, slot, faults.integer(row, "table", item, None), choice)
    return tuple(kept.values())


def _read_forbidden(
    data: Mapping[str, Any], sides: Mapping[str, str], faults: FaultList
) -> tuple[tuple[str, str], ...]:
    value = [] if data.get("forbidden") is None else data["forbidden"]
    if not isinstance(value, list):
        faults.add("bad_list", "forbidden", "'forbidden' must be a list of pairs")
        return ()
    kept: dict[tuple[str, str], None] = {}
    for place, pair in enumerate(value):
        item = f"forbidden[{place}]"
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            faults.add("bad_row", item, f"{item} must be a pair of identifiers, not {pair!r}")
            continue
        kept[known_pair({"a": pair[0], "v": pair[1]}, item, sides, faults)] = None
    return tuple(kept)


def _read_groups(
    data: Mapping[str, Any], slots: int, sides: Mapping[str, str], faults: FaultList
) -> tuple[Group, ...]:
    kept: dict[str, Group] = {}
    for place, row in enumerate(faults.rows(data, "groups")):
        identifier = faults.text(row, "id", f"groups[{place}]")
        item = f"group {identifier!r}"
        if identifier in kept:
            faults.add("duplicate_id", identifier, f"{item} appears twice")
        host = faults.text(row, "ambassador", item)
        if host and sides.get(host) != "A":
            faults.add("unknown_id", host, f"{item}: no participant {host!r} on side 'A'")
        seats: dict[str, Seat] = {}
        for seat in faults.rows(row, "vendors"):
            vendor = faults.text(seat, "v", item)
            if vendor and sides.get(vendor) != "V":
                faults.add("unknown_id", vendor, f"{item}: no participant {vendor!r} on side 'V'")
            if vendor in seats:
                faults.add("duplicate_pair", vendor, f"{item}: {vendor!r} appears twice")
            seats[vendor] = Seat(vendor, faults.points(seat, "w", f"{item}, {vendor!r}"))
        least = faults.integer(row, "min", item, 0) or 0
        cap = faults.integer(row, "cap", item, len(seats))
        cap = len(seats) if cap is None else cap
        if least > cap:
            faults.add("min_above_max", identifier, f"{item}: min {least} is above cap {cap}")
        kept[identifier] = Group(
            identifier, host, tuple(seats.values()), cap, least, faults.slot_list(row, "slots", item, slots)
        )
    return tuple(kept.values())


def _read_blocks(data: Mapping[str, Any], slots: int, faults: FaultList) -> tuple[int, ...]:
    value = faults.slot_list(data, "blocks", "problem", slots)
    return tuple(sorted({0, *(value or ())}))


def _read_table_rooms(data: Mapping[str, Any], tables: tuple[int, ...], faults: FaultList) -> tuple[str, ...]:
    value = data.get("table_rooms") or []
    if not isinstance(value, list) or not all(isinstance(room, str) and room for room in value):
        faults.add("bad_table_rooms", "table_rooms", "'table_rooms' must be a list of names of rooms")
        return ()
    if value and len(value) < max(tables):
        text = f"'table_rooms' must name the room of each of {max(tables)} tables, not of {len(value)}"
        faults.add("bad_table_rooms", "table_rooms", text)
    return tuple(value)


def _read_walks(
    data: Mapping[str, Any], rooms: tuple[str, ...], faults: FaultList
) -> tuple[tuple[str, str], ...]:
    value = [] if data.get("walks") is None else data["walks"]
    if not isinstance(value, list):
        faults.add("bad_list", "walks", "'walks' must be a list of pairs of rooms")
        return ()
    kept: dict[tuple[str, str], None] = {}
    for place, pair in enumerate(value):
        item = f"walks[{place}]"
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
            faults.add("bad_row", item, f"{item} must be a pair of different rooms, not {pair!r}")
            continue
        for room in pair:
            if room not in rooms:
                faults.add("unknown_room", item, f"{item}: no table is in room {room!r}")
        one, other = sorted(map(str, pair))
        kept[one, other] = None
    return tuple(kept)
