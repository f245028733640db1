"""A schedule and its JSON.

{"meetings": [{"a", "v", "slot", "table"?}], "groups": [{"id", "slot", "room"?, "vendors": [...]}],
 "objective", "bound", "gap", "status", "unplaced": [{"a", "v", "reason", "by"?}],
 "bottlenecks": [{"code", "people": [...], "wanted", "room",
                  "limits": [{"code", "items": [...], "room"}]}],
 "comfort": [{"code", "before", "after", "bound"?}],
 "replay": null | {"seed", "work_limit", "polish_work", "exact"}}"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from matching.scheduling.model.diagnostics import (
    Bottleneck,
    Comfort,
    Replay,
    Unplaced,
    read_bottleneck,
    read_comfort,
    read_replay,
    read_unplaced,
)
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.fields import FaultList
from matching.scheduling.model.schema import SCHEDULE
from matching.scheduling.model.strict import refuse_misshapen, refuse_unknown

STATUSES = SCHEDULE["properties"]["status"]["enum"]

Row = TypeVar("Row")
Read = Callable[[Mapping[str, Any], str, FaultList], Row]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants at a slot; `table` None for a remote meeting or where tables were not given out;
    who of a delegation with named people holds it."""

    a: str
    v: str
    slot: int
    table: int | None = None
    a_person: str | None = None
    v_person: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The row of the interchange format."""
        row: dict[str, Any] = {"a": self.a, "v": self.v, "slot": self.slot}
        optional = {"table": self.table, "a_person": self.a_person, "v_person": self.v_person}
        return row | {key: value for key, value in optional.items() if value is not None}


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
            raise ProblemError(faults.faults)
        refuse_unknown(data, SCHEDULE, faults)
        faults.raise_if_any()
        schedule = cls(
            _each(data, "meetings", _meeting, faults),
            _each(data, "groups", _group, faults),
            _number(data, "objective", faults),
            _number(data, "bound", faults),
            _number(data, "gap", faults),
            _status(data, faults),
            _each(data, "unplaced", read_unplaced, faults),
            _each(data, "bottlenecks", read_bottleneck, faults),
            _each(data, "comfort", read_comfort, faults),
            read_replay(data.get("replay"), faults),
        )
        if not faults.faults:
            refuse_misshapen(data, SCHEDULE, faults)
        faults.raise_if_any()
        return schedule


def worth(schedule: Schedule) -> tuple[list[tuple[tuple[str, str], int]], list[tuple[str, str]]]:
    """What of a schedule its objective counts: pairs that meet and when, (session, vendor) seats."""
    pairs = [((meeting.a, meeting.v), meeting.slot) for meeting in schedule.meetings]
    return pairs, [(group.id, vendor) for group in schedule.groups for vendor in group.vendors]


def relative_gap(objective: float, bound: float) -> float:
    """(bound - objective) / max(1, |bound|)."""
    return (bound - objective) / max(1.0, abs(bound))


def _each(
    data: Mapping[str, Any],
    key: str,
    read: Callable[[Mapping[str, Any], str, FaultList], Row],
    faults: FaultList,
) -> tuple[Row, ...]:
    """The rows of a list, each read and named by its place."""
    return tuple(read(row, f"{key}[{n}]", faults) for n, row in enumerate(faults.rows(data, key)))


def _status(data: Mapping[str, Any], faults: FaultList) -> str:
    status = data.get("status", "feasible")
    if status not in STATUSES:
        faults.add("bad_status", "status", f"'status' must be one of {', '.join(STATUSES)}, not {status!r}")
    return str(status)


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
    people = (
        None if row.get(key) is None else faults.text(row, key, item) for key in ("a_person", "v_person")
    )
    return Meeting(faults.text(row, "a", item), faults.text(row, "v", item), slot or 0, table, *people)


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
