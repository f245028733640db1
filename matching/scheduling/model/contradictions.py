"""Contradictions of a problem that can be named before any search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.entities import Group, Participant, Pin
from matching.scheduling.model.fields import FaultList


def find_contradictions(fields: Mapping[str, Any], faults: FaultList) -> None:
    """Add a fault for each pin or group session that no schedule can respect."""
    people: dict[str, Participant] = {participant.id: participant for participant in fields["participants"]}
    busy: dict[tuple[str, int], str] = {}
    for group in fields["groups"]:
        _check_group(group, people, fields["slots"], busy, faults)
    _check_rooms(fields, faults)
    forbidden = set(fields["forbidden"])
    fields = {**fields, "remote": {(c.a, c.v) for c in fields["candidates"] if c.remote}}
    for pin in fields["pinned"]:
        _check_pin(pin, people, forbidden, fields, busy, faults)
    _check_pin_counts(fields, people, faults)
    _check_walks(fields, faults)


def _check_walks(fields: Mapping[str, Any], faults: FaultList) -> None:
    """Two pins with slot and table that leave someone no time to walk."""
    rooms = fields["table_rooms"]
    far = {pair for one, other in fields["walks"] for pair in ((one, other), (other, one))}
    remote = fields["remote"]
    seats = {
        (identifier, pin.slot): rooms[pin.table]
        for pin in fields["pinned"]
        if pin.slot is not None and pin.table is not None and (pin.a, pin.v) not in remote
        for identifier in (pin.a, pin.v)
        if pin.table < len(rooms)
    }
    for (identifier, slot), room in seats.items():
        there = seats.get((identifier, slot + 1))
        if slot + 1 not in fields["blocks"] and (room, there) in far:
            text = (
                f"participant {identifier!r}: pinned in {room} at slot {slot}, then in {there} too far away"
            )
            faults.add("pins_too_far", identifier, text)


def _name(pin: Pin) -> str:
    return f"{pin.a}/{pin.v}"


def _check_pin(  # noqa: PLR0917 - one private reader, all of it needed
    pin: Pin,
    people: Mapping[str, Participant],
    forbidden: set[tuple[str, str]],
    fields: Mapping[str, Any],
    busy: dict[tuple[str, int], str],
    faults: FaultList,
) -> None:
    item = f"pinned meeting of {pin.a!r} with {pin.v!r}"
    if (pin.a, pin.v) in forbidden:
        faults.add("pin_forbidden", _name(pin), f"{item}: the pair is forbidden")
    tables = fields["tables"]
    remote = (pin.a, pin.v) in fields["remote"]
    choices = pin.choices(fields["slots"])
    present = [s for s in choices if people[pin.a].is_available(s) and people[pin.v].is_available(s)]
    if not present:
        where = (
            "they have no common slot" if pin.slot is None else f"slot {pin.slot} is not available to both"
        )
        faults.add("pin_outside_availability", _name(pin), f"{item}: {where}")
        return
    least = 1 if pin.table is None else pin.table + 1
    if not any(remote or tables[slot] >= least for slot in present):
        faults.add("pin_without_table", _name(pin), f"{item}: no such table exists then")
    if pin.slot is None:
        return
    for identifier in (pin.a, pin.v):
        if people[identifier].is_parallel:
            continue
        other = busy.setdefault((identifier, pin.slot), item)
        if other is not item:
            faults.add(
                "pin_collision",
                _name(pin),
                f"{item}: {identifier!r} is already taken at slot {pin.slot} by {other}",
            )
    if pin.table is not None:
        other = busy.setdefault((f"table\0{pin.table}", pin.slot), item)
        if other is not item:
            faults.add(
                "pin_collision",
                _name(pin),
                f"{item}: table {pin.table} is already taken at slot {pin.slot} by {other}",
            )


def _check_pin_counts(
    fields: Mapping[str, Any], people: Mapping[str, Participant], faults: FaultList
) -> None:
    remote = fields["remote"]
    counts = Counter(identifier for pin in fields["pinned"] for identifier in (pin.a, pin.v))
    for identifier, count in counts.items():
        most = people[identifier].max
        if most is not None and count > most:
            faults.add(
                "pins_above_max",
                identifier,
                f"participant {identifier!r}: {count} pinned meetings, max {most}",
            )
    loads = Counter(p.slot for p in fields["pinned"] if p.slot is not None and (p.a, p.v) not in remote)
    for slot, count in loads.items():
        if count > fields["tables"][slot]:
            faults.add(
                "pins_above_tables",
                str(slot),
                f"slot {slot}: {count} pinned meetings, {fields['tables'][slot]} tables",
            )


def _check_group(
    group: Group,
    people: Mapping[str, Participant],
    slots: int,
    busy: dict[tuple[str, int], str],
    faults: FaultList,
) -> None:
    item = f"group {group.id!r}"
    if group.min > len(group.vendors):
        faults.add(
            "group_below_min", group.id, f"{item}: min {group.min}, but {len(group.vendors)} vendors invited"
        )
        return
    choices = range(slots) if group.slots is None else group.slots
    hosted = [slot for slot in choices if people[group.ambassador].is_available(slot)]
    if not hosted:
        faults.add(
            "group_host_unavailable",
            group.id,
            f"{item}: its host {group.ambassador!r} attends none of its slots",
        )
        return
    if not any(sum(people[s.v].is_available(slot) for s in group.vendors) >= group.min for slot in hosted):
        faults.add(
            "group_vendors_unavailable",
            group.id,
            f"{item}: fewer than {group.min} invited vendors attend any of its slots",
        )
    if group.slots is None or len(group.slots) != 1:
        return
    forced = [seat.v for seat in group.vendors] if group.min == len(group.vendors) else []
    for identifier in (group.ambassador, *forced):
        if people[identifier].is_parallel:
            continue
        other = busy.setdefault((identifier, group.slots[0]), item)
        if other is not item:
            faults.add(
                "group_collision",
                group.id,
                f"{item}: {identifier!r} is already taken at slot {group.slots[0]} by {other}",
            )


def _check_rooms(fields: Mapping[str, Any], faults: FaultList) -> None:
    fixed = Counter(g.slots[0] for g in fields["groups"] if g.slots is not None and len(g.slots) == 1)
    for slot, count in fixed.items():
        if count > fields["rooms"]:
            faults.add(
                "rooms_full", str(slot), f"slot {slot}: {count} group sessions, {fields['rooms']} rooms"
            )
