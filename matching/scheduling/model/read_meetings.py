"""Reads what may, must and may not be held one to one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matching.scheduling.model.entities import DECIMALS, Candidate, Pin
from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.read_people import SIDES
from matching.scheduling.model.schema import BONUS
from matching.scheduling.model.strict import fits


def known_pair(
    row: Mapping[str, Any], item: str, sides: Mapping[str, str], faults: FaultList
) -> tuple[str, str]:
    """The two identifiers of a row, each checked to exist on its side."""
    pair = (faults.text(row, "a", item), faults.text(row, "v", item))
    for identifier, side in zip(pair, SIDES, strict=True):
        if identifier and sides.get(identifier) != side:
            faults.add("unknown_id", identifier, f"{item}: no participant {identifier!r} on side {side!r}")
    return pair


def read_candidates(
    data: Mapping[str, Any],
    slots: int,
    sides: Mapping[str, str],
    faults: FaultList,
    equipment: Collection[str] = (),
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
            _read_needs(row, item, equipment, faults),
            faults.points(row, "met_before", item),
        )
    return tuple(kept.values())


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


def _read_needs(
    row: Mapping[str, Any], item: str, equipment: Collection[str], faults: FaultList
) -> tuple[str, ...]:
    found = faults.names(row, "needs", item)
    for name in found:
        if name not in equipment:
            faults.add("unknown_equipment", item, f"{item}: needs {name!r}, which is no equipment")
    return found


def read_pins(
    data: Mapping[str, Any], slots: int, sides: Mapping[str, str], faults: FaultList
) -> tuple[Pin, ...]:
    """The meetings that must be held."""
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


def read_forbidden(
    data: Mapping[str, Any], sides: Mapping[str, str], faults: FaultList
) -> tuple[tuple[str, str], ...]:
    """The pairs that may not meet."""
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
