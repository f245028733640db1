"""Reads tables, the rooms they stand in, and how far apart these are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.schema import LARGEST


def read_tables(data: Mapping[str, Any], slots: int, faults: FaultList) -> tuple[int, ...]:
    """Tables of each slot."""
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


def read_table_rooms(data: Mapping[str, Any], tables: tuple[int, ...], faults: FaultList) -> tuple[str, ...]:
    """The room of each table."""
    value = data.get("table_rooms") or []
    if not isinstance(value, list) or not all(isinstance(room, str) and room for room in value):
        faults.add("bad_table_rooms", "table_rooms", "'table_rooms' must be a list of names of rooms")
        return ()
    if value and len(value) < max(tables):
        text = f"'table_rooms' must name the room of each of {max(tables)} tables, not of {len(value)}"
        faults.add("bad_table_rooms", "table_rooms", text)
    return tuple(value)


def read_walks(
    data: Mapping[str, Any], rooms: tuple[str, ...], faults: FaultList
) -> tuple[tuple[str, str], ...]:
    """Pairs of rooms too far apart for consecutive slots."""
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
