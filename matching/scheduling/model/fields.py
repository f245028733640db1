"""Reading typed values out of a JSON object, collecting a fault for each wrong one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from reprlib import repr as brief
from typing import Any

from matching.scheduling.model.entities import DECIMALS
from matching.scheduling.model.errors import Fault, ProblemError
from matching.scheduling.model.schema import LARGEST, LARGEST_POINTS


class FaultList:
    """Faults found so far; reading goes on so that one pass names them all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, code: str, item: str, text: str) -> None:
        """Record one fault."""
        self.faults.append(Fault(code, item, text))

    def raise_if_any(self) -> None:
        """Raise ProblemError with every fault recorded."""
        if self.faults:
            raise ProblemError(self.faults)

    def integer(
        self,
        row: Mapping[str, Any],
        key: str,
        item: str,
        default: int | None,
        *,
        least: int = 0,
        most: int = LARGEST,
    ) -> int | None:
        """The integer of that key, the default where absent or null; a fault where it is anything else."""
        value = row.get(key, default)
        if value is None or value is default:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            expected = f"an integer of at least {least}"
            self.add("bad_number", item, f"{item}: {key!r} must be {expected}, not {brief(value)}")
            return default
        if value > most:
            self.add("bad_number", item, f"{item}: {key!r} is too large ({brief(value)}; at most {most})")
            return default
        return value

    def points(self, row: Mapping[str, Any], key: str, item: str, default: float = 0) -> float:
        """A value in points, zero or more, read to six decimals."""
        value = row.get(key, default)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or (isinstance(value, float) and math.isnan(value)):
            self.add("bad_number", item, f"{item}: {key!r} must be a number, not {brief(value)}")
            return default
        if value < 0:
            self.add("negative_weight", item, f"{item}: {key!r} is negative ({brief(value)})")
            return default
        if value > LARGEST_POINTS:  # also infinity
            self.add("bad_number", item, f"{item}: {key!r} is too large ({brief(value)})")
            return default
        return value if isinstance(value, int) else round(value, DECIMALS)

    def flag(self, row: Mapping[str, Any], key: str, item: str) -> bool:
        """True or false; false where absent."""
        value = row.get(key, False)
        if not isinstance(value, bool):
            self.add("bad_flag", item, f"{item}: {key!r} must be true or false, not {brief(value)}")
            return False
        return value

    def text(self, row: Mapping[str, Any], key: str, item: str) -> str:
        """A non-empty string (an integer identifier is accepted)."""
        value = row.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or not value:
            self.add("missing_field", item, f"{item}: {key!r} must be a non-empty string")
            return ""
        return value

    def rows(self, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """The list of objects of that key; rows that are no object are faults and left out."""
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add("bad_list", key, f"{key!r} must be a list")
            return []
        kept = []
        for place, row in enumerate(value):
            if isinstance(row, Mapping):
                kept.append(row)
            else:
                self.add("bad_row", f"{key}[{place}]", f"{key}[{place}] must be an object, not {brief(row)}")
        return kept

    def names(self, row: Mapping[str, Any], key: str, item: str) -> tuple[str, ...]:
        """Distinct names in their order; none where absent."""
        value = row.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.add("bad_list", item, f"{item}: {key!r} must be a list of names")
            return ()
        rows = ({"name": name} for name in value)
        return tuple(dict.fromkeys(self.text(row, "name", f"{item}, {key}") for row in rows))

    def slot_list(self, row: Mapping[str, Any], key: str, item: str, slots: int) -> tuple[int, ...] | None:
        """Sorted slot numbers from 0 to slots - 1, or None where absent or null."""
        value = row.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            self.add("bad_list", item, f"{item}: {key!r} must be null or a list of slots")
            return None
        kept = set()
        for slot in value:
            if isinstance(slot, bool) or not isinstance(slot, int) or not 0 <= slot < slots:
                self.add("unknown_slot", item, f"{item}: {brief(slot)} is no slot (0 to {slots - 1})")
            else:
                kept.add(slot)
        return tuple(sorted(kept))
