"""A schedule and its JSON.

{"meetings": [{"a", "v", "slot", "table"?}], "groups": [{"id", "slot", "room"?, "vendors": [...]}],
 "objective", "bound", "gap", "status", "unplaced": [{"a", "v", "reason", "by"?}],
 "bottlenecks": [{"code", "people": [...], "wanted", "room",
                  "limits": [{"code", "items": [...], "room"}]}],
 "comfort": [{"code", "before", "after", "bound"?}],
 "replay": null | {"seed", "work_limit", "polish_work", "exact"}}"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from matching.scheduling.errors import ProblemError
from matching.scheduling.fields import FaultList

REASONS = (
    "no_common_slot",
    "forbidden",
    "maximum_reached",
    "tables_full",
    "walk",
    "outscored",
    "outscored_together",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants at a slot; `table` None for a remote meeting or where tables were not given out."""

    a: str
    v: str
    slot: int
    table: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        row: dict[str, Any] = {"a": self.a, "v": self.v, "slot": self.slot}
        return row if self.table is None else row | {"table": self.table}


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """A group session with its slot, room and vendors."""

    id: str
    slot: int
    room: int | None
    vendors: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        row: dict[str, Any] = {"id": self.id, "slot": self.slot, "vendors": list(self.vendors)}
        return row if self.room is None else row | {"room": self.room}


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A candidate that is not scheduled; `by` lists the pairs held in its stead where it was outscored, and
    alone whoever has reached a maximum."""

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: phase, best objective, proven bound, gap as in Schedule, seconds since the start."""

    phase: str
    objective: float
    bound: float
    gap: float
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Meetings and sessions, their value, a proven upper bound; gap = (bound - objective) / max(1, |bound|).

    Status "optimal": the bound is reached; "feasible": it may not be; "infeasible": a pin or a session could
    not be kept, `unplaced` and the objective describe what was found nevertheless."""

    meetings: tuple[Meeting, ...]
    groups: tuple[HeldGroup, ...]
    objective: float
    bound: float
    gap: float
    status: str
    unplaced: tuple[Unplaced, ...] = ()
    bottlenecks: tuple[Bottleneck, ...] = ()
    comfort: tuple[Comfort, ...] = ()
    replay: Replay | None = None

    def to_json(self) -> dict[str, Any]:
        """The interchange format."""
        return {
            "meetings": [meeting.to_json() for meeting in self.meetings],
            "groups": [group.to_json() for group in self.groups],
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap,
            "status": self.status,
            "unplaced": [entry.to_json() for entry in self.unplaced],
            "bottlenecks": [entry.to_json() for entry in self.bottlenecks],
            "comfort": [figure.to_json() for figure in self.comfort],
            "replay": None if self.replay is None else self.replay.to_json(),
        }

    @classmethod
    def from_json(cls, data: object) -> Schedule:
        """Read the interchange format; raises ProblemError where it is not readable."""
        faults = FaultList()
        if not isinstance(data, Mapping):
            faults.add("bad_schedule", "schedule", "a schedule must be a JSON object")
            raise ProblemError(faults.faults)
        if "meetings" not in data:
            faults.add("missing_field", "schedule", "schedule: 'meetings' must be a list")
        schedule = cls(
            tuple(
                _meeting(row, f"meetings[{n}]", faults) for n, row in enumerate(faults.rows(data, "meetings"))
            ),
            tuple(_group(row, f"groups[{n}]", faults) for n, row in enumerate(faults.rows(data, "groups"))),
            _number(data, "objective", faults),
            _number(data, "bound", faults),
            _number(data, "gap", faults),
            str(data.get("status") or "feasible"),
            tuple(
                _unplaced(row, f"unplaced[{n}]", faults)
                for n, row in enumerate(faults.rows(data, "unplaced"))
            ),
            tuple(
                _bottleneck(row, f"bottlenecks[{n}]", faults)
                for n, row in enumerate(faults.rows(data, "bottlenecks"))
            ),
            tuple(
                _comfort(row, f"comfort[{n}]", faults) for n, row in enumerate(faults.rows(data, "comfort"))
            ),
            _replay(data.get("replay"), faults),
        )
        faults.raise_if_any()
        return schedule


def relative_gap(objective: float, bound: float) -> float:
    """(bound - objective) / max(1, |bound|)."""
    return (bound - objective) / max(1.0, abs(bound))


def _number(data: Mapping[str, Any], key: str, faults: FaultList) -> float:
    value = data.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        faults.add("bad_number", "schedule", f"schedule: {key!r} must be a number, not {value!r}")
        return 0
    return value


def _meeting(row: Mapping[str, Any], item: str, faults: FaultList) -> Meeting:
    slot = faults.integer(row, "slot", item, None)
    if slot is None:
        faults.add("missing_field", item, f"{item}: 'slot' must be an integer")
    table = faults.integer(row, "table", item, None)
    return Meeting(faults.text(row, "a", item), faults.text(row, "v", item), slot or 0, table)


def _group(row: Mapping[str, Any], item: str, faults: FaultList) -> HeldGroup:
    slot = faults.integer(row, "slot", item, None)
    if slot is None:
        faults.add("missing_field", item, f"{item}: 'slot' must be an integer")
    vendors = row.get("vendors") or []
    if not isinstance(vendors, list):
        faults.add("bad_list", item, f"{item}: 'vendors' must be a list")
        vendors = []
    room = faults.integer(row, "room", item, None)
    return HeldGroup(faults.text(row, "id", item), slot or 0, room, tuple(str(vendor) for vendor in vendors))


def _unplaced(row: Mapping[str, Any], item: str, faults: FaultList) -> Unplaced:
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


def _bottleneck(row: Mapping[str, Any], item: str, faults: FaultList) -> Bottleneck:
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


def _comfort(row: Mapping[str, Any], item: str, faults: FaultList) -> Comfort:
    before, after = (faults.integer(row, key, item, 0) or 0 for key in ("before", "after"))
    return Comfort(str(row.get("code") or ""), before, after, faults.integer(row, "bound", item, None))


def _replay(row: object, faults: FaultList) -> Replay | None:
    if not isinstance(row, Mapping):
        return None
    limit = None if row.get("work_limit") is None else faults.points(row, "work_limit", "replay")
    seed = faults.integer(row, "seed", "replay", 0) or 0
    return Replay(seed, limit, faults.points(row, "polish_work", "replay"), row.get("exact") is True)
