"""Reads quotas, orders and equipment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matching.scheduling.model.entities import Equipment, Order, Quota
from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.read_meetings import known_pair


def read_quotas(data: Mapping[str, Any], sides: Mapping[str, str], faults: FaultList) -> tuple[Quota, ...]:
    """Quotas and floors of groups of participants."""
    kept: dict[str, Quota] = {}
    for place, row in enumerate(faults.rows(data, "quotas")):
        identifier = faults.text(row, "id", f"quotas[{place}]")
        item = f"quota {identifier!r}"
        if identifier in kept:
            faults.add("duplicate_id", identifier, f"{item} appears twice")
        if row.get("members") is None:
            faults.add("missing_field", item, f"{item}: 'members' must be a list of names")
        people = {key: faults.names(row, key, item) for key in ("members", "among")}
        for name in (*people["members"], *people["among"]):
            if name and name not in sides:
                faults.add("unknown_id", name, f"{item}: no participant {name!r}")
        least = faults.integer(row, "min", item, 0) or 0
        most = faults.integer(row, "max", item, None)
        if most is not None and least > most:
            faults.add("min_above_max", identifier, f"{item}: min {least} is above max {most}")
        share = faults.integer(row, "min_share", item, 0, most=100) or 0
        kept[identifier] = Quota(identifier, people["members"], people["among"], least, most, share)
    return tuple(kept.values())


def read_order(
    data: Mapping[str, Any],
    pairs: Collection[tuple[str, str]],
    sides: Mapping[str, str],
    faults: FaultList,
) -> tuple[Order, ...]:
    """Which meetings come before which."""
    kept: dict[Order, None] = {}
    for place, row in enumerate(faults.rows(data, "order")):
        item = f"order[{place}]"
        found = [_pair(row, key, item, pairs, sides, faults) for key in ("first", "then")]
        if found[0] == found[1] != ("", ""):
            faults.add("order_of_one", item, f"{item}: a meeting is not before itself")
        kept[Order(*found)] = None
    return tuple(kept)


def _pair(  # noqa: PLR0917 - private
    row: Mapping[str, Any],
    key: str,
    item: str,
    pairs: Collection[tuple[str, str]],
    sides: Mapping[str, str],
    faults: FaultList,
) -> tuple[str, str]:
    value = row.get(key)
    if key not in row:
        faults.add("missing_field", item, f"{item}: {key!r} is missing")
        return "", ""
    if not isinstance(value, list) or len(value) != 2:
        faults.add("bad_row", item, f"{item}: {key!r} must be a pair of identifiers, not {value!r}")
        return "", ""
    before = len(faults.faults)
    pair = known_pair({"a": value[0], "v": value[1]}, item, sides, faults)
    if len(faults.faults) == before and pair not in pairs:
        faults.add("unknown_pair", item, f"{item}: {'/'.join(pair)} is neither wished nor pinned")
    return pair


def read_equipment(data: Mapping[str, Any], faults: FaultList) -> tuple[Equipment, ...]:
    """What only so many meetings can use at a time."""
    kept: dict[str, Equipment] = {}
    for place, row in enumerate(faults.rows(data, "equipment")):
        path = f"equipment[{place}]"
        identifier = faults.text(row, "id", path)
        if identifier in kept:
            faults.add("duplicate_id", identifier, f"{path}: {identifier!r} appears twice")
        count = faults.integer(row, "count", path, None)
        if count is None and "count" not in row:
            faults.add("missing_field", path, f"{path}: 'count' is missing")
        elif row.get("count") is None:
            faults.add("bad_number", path, f"{path}: 'count' must be a number")
        kept[identifier] = Equipment(identifier, count or 0)
    return tuple(kept.values())
