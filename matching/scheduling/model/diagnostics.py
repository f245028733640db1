"""What a schedule tells beside its meetings: who has no place and why, what is out of reach, how comfortable
the days are, how to run the solver again. See `solution` for the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from matching.scheduling.model.fields import FaultList


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A candidate that is not scheduled.

    `reason`: "no_common_slot", "forbidden", "maximum_reached", "tables_full", "walk", "max_a_day", "quota",
    "order", "equipment", "no_rest", "disliked_slots", "outscored", or "outscored_together" where no single
    pair is dearer. `by` lists the pairs held in its stead where it was
    outscored, and alone whoever has reached a maximum."""

    a: str
    v: str
    reason: str
    by: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        row: dict[str, Any] = {"a": self.a, "v": self.v, "reason": self.reason}
        return row | {"by": [list(pair) for pair in self.by]} if self.by else row


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds people back: "tables" (slots), "presence" (people), "wishes" (pairs), "maximum" (people),
    "pinned" (pairs); the meetings it leaves them."""

    code: str
    items: tuple[str, ...]
    room: int

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        return {"code": self.code, "items": list(self.items), "room": self.room}


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """People who together want more than any schedule can give.

    Code "minimums": `wanted` meetings, of which `limits` leave `room`. Code "commitments": of `wanted` pinned
    meetings and sessions (the items of its only limit) at most `room` can be held together."""

    code: str
    people: tuple[str, ...]
    wanted: int
    room: int
    limits: tuple[Limit, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        return {
            "code": self.code,
            "people": list(self.people),
            "wanted": self.wanted,
            "room": self.room,
            "limits": [limit.to_json() for limit in self.limits],
        }


@dataclass(frozen=True, slots=True)
class Comfort:
    """A figure of the people's day, before and after polish at the same value: "breaks" (`bound`: of these
    meetings, at any slots), "table_moves" (`bound`: at these slots, at any tables), "idle_slots"."""

    code: str
    before: int
    after: int
    bound: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        row: dict[str, Any] = {"code": self.code, "before": self.before, "after": self.after}
        return row if self.bound is None else row | {"bound": self.bound}


@dataclass(frozen=True, slots=True)
class Replay:
    """How to run the solver again: `work_limit` and `polish_work` in units (None: as much as it wants).

    `exact`: neither the clock nor a request to stop cut the run and it started from nothing, so that the same
    problem gives the same schedule on any machine (with the same versions of the libraries)."""

    seed: int
    work_limit: float | None
    polish_work: float
    exact: bool

    def to_json(self) -> dict[str, Any]:
        """The object of the interchange format."""
        return asdict(self)


def read_unplaced(row: Mapping[str, Any], item: str, faults: FaultList) -> Unplaced:
    """A row of "unplaced"."""
    by = row.get("by") or []
    if not isinstance(by, list) or any(not isinstance(names, list) for names in by):
        faults.add("bad_list", item, f"{item}: 'by' must be a list of lists of names")
        by = []
    return Unplaced(
        faults.text(row, "a", item),
        faults.text(row, "v", item),
        str(row.get("reason") or ""),
        tuple(tuple(str(name) for name in names) for names in by),
    )


def read_bottleneck(row: Mapping[str, Any], item: str, faults: FaultList) -> Bottleneck:
    """A row of "bottlenecks"."""
    limits = tuple(
        Limit(
            str(limit.get("code") or ""),
            _strings(limit, "items"),
            faults.integer(limit, "room", item, 0) or 0,
        )
        for limit in faults.rows(row, "limits")
    )
    wanted, room = (faults.integer(row, key, item, 0) or 0 for key in ("wanted", "room"))
    return Bottleneck(str(row.get("code") or ""), _strings(row, "people"), wanted, room, limits)


def _strings(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key)
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()


def read_comfort(row: Mapping[str, Any], item: str, faults: FaultList) -> Comfort:
    """A row of "comfort"."""
    before, after = (faults.integer(row, key, item, 0) or 0 for key in ("before", "after"))
    return Comfort(str(row.get("code") or ""), before, after, faults.integer(row, "bound", item, None))


def read_replay(row: object, faults: FaultList) -> Replay | None:
    """The object "replay"; None where it is missing."""
    if not isinstance(row, Mapping):
        return None
    limit = None if row.get("work_limit") is None else faults.points(row, "work_limit", "replay")
    seed = faults.integer(row, "seed", "replay", 0) or 0
    return Replay(seed, limit, faults.points(row, "polish_work", "replay"), row.get("exact") is True)
