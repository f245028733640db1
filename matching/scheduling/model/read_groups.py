"""Reads group sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.entities import Group, Seat
from matching.scheduling.model.fields import FaultList


def read_groups(
    data: Mapping[str, Any], slots: int, sides: Mapping[str, str], faults: FaultList
) -> tuple[Group, ...]:
    """The group sessions."""
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
