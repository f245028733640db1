"""A scheduling problem and its JSON.

    {"name", "slots": T, "tables": M | [M_0..M_T-1], "rooms": R, "shortfall_penalty": 1000,
     "participants": [{"id", "side": "A"|"V", "avail": null | [slot...], "min", "max",
                       "table": null | index}],
     "candidates": [{"a", "v", "w"}], "forbidden": [["a", "v"]...],
     "pinned": [{"a", "v", "slot"?, "table"?}],
     "groups": [{"id", "ambassador", "vendors": [{"v", "w"}], "cap", "min", "slots": null | [...]}]}

Slots, tables and rooms are numbered from 0. Optional additions:

- `"blocks": [slot...]`: the slots that open a block of the programme (after lunch, next day). An idle time
  across two blocks is no break;
- a candidate's `"remote": true`: the meeting needs no table;
- `"table_rooms": [room of table 0, ...]` (names) and `"walks": [[room, room]...]`: pairs of rooms too far
  apart for consecutive slots of a block. Someone with meetings at two such slots sits in rooms that need no
  walk, or has a free slot between. Remote meetings and group sessions ask for no walk;
- `"days": [slot...]`: the slots that open a day, for a participant's `"max_a_day"` and `"min_a_day"`;
- `"quotas": [{"id", "members": [...], "among": [...], "min", "max", "min_share"}]`: among the meetings of
  some (of all, left out), how many are with members, or what share of a hundred at least. Like minimums,
  floors cost the penalty for each missing meeting;
- `"order": [{"first": [a, v], "then": [a, v]}]`: where both are held, one before the other;
- `"equipment": [{"id", "count"}]` and a candidate's `"needs": [id...]`: so many at a slot;
- a candidate's `"met_before": points` less, down to zero;
- `"started": slot`: what comes before is history, where nothing is held but what is pinned there;
- `rooms` left out: as many as group sessions;
- a candidate's `"slot_bonus": {"3": 5, "7": -2}`: points more or fewer when it is held at these slots;
- a pin's `"slots": [...]`: it is held at one of these;
- a participant's `"parallel": n` activities at once, or `"people": [{"id", "avail"}...]`, one each;
- a participant's `"free_one_of": [slots]` with `"free_count"` (1): so many of these slots are free;
  `"max_in_a_row"`; `"min_gap"` free slots between two busy ones (both within a block).

Values `w` are points, zero or more, read to six decimals. Minimums and maximums count one-to-one meetings;
a group session occupies its host, its vendors and a room, never a table, and must be held. A pinned pair
that is no candidate is worth 0. A participant's own table is used whenever it exists at that slot (the
administration's first), unless a pin gives another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from matching.scheduling.model.entities import (
    Candidate,
    Equipment,
    Group,
    Order,
    Participant,
    Person,
    Pin,
    Quota,
    Seat,
)
from matching.scheduling.model.reading import SHORTFALL_PENALTY, read_fields

__all__ = [
    "Candidate",
    "Equipment",
    "Group",
    "Order",
    "Participant",
    "Person",
    "Pin",
    "Problem",
    "Quota",
    "Seat",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Who may meet whom, when, for how many points; see the module for the units."""

    slots: int
    tables: tuple[int, ...]
    participants: tuple[Participant, ...]
    candidates: tuple[Candidate, ...]
    pinned: tuple[Pin, ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()
    rooms: int = 0
    shortfall_penalty: float = SHORTFALL_PENALTY
    name: str = ""
    blocks: tuple[int, ...] = (0,)
    table_rooms: tuple[str, ...] = ()
    walks: tuple[tuple[str, str], ...] = ()
    days: tuple[int, ...] = (0,)
    quotas: tuple[Quota, ...] = ()
    order: tuple[Order, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    started: int = 0

    @classmethod
    def from_json(cls, data: object) -> Problem:
        """Read the interchange format; raises ProblemError naming every fault."""
        return cls(**read_fields(data))

    def to_json(self) -> dict[str, Any]:
        """The interchange format."""
        tables: int | list[int] = list(self.tables)
        if len(set(self.tables)) == 1:
            tables = self.tables[0]
        return (
            {
                "name": self.name,
                "slots": self.slots,
                "tables": tables,
                "rooms": self.rooms,
                "shortfall_penalty": self.shortfall_penalty,
                "participants": [_participant_row(participant) for participant in self.participants],
                "candidates": [_candidate_row(candidate) for candidate in self.candidates],
                "pinned": [_with_lists(_given(asdict(pin), Pin("", ""))) for pin in self.pinned],
                "forbidden": [list(pair) for pair in self.forbidden],
                "groups": [_with_lists(asdict(group)) for group in self.groups],
                "blocks": list(self.blocks),
            }
            | self._rooms_row()
            | self._limits_row()
        )

    @property
    def is_core(self) -> bool:
        """Whether no rule is used that the polynomial core (flow, colouring) does not know."""
        return not (self.walks or self.quotas or self.order or self.equipment) and not any(
            (
                any(person.max_a_day is not None or person.min_a_day for person in self.participants),
                any(person.is_parallel or person.has_rests for person in self.participants),
                any(candidate.slot_bonus for candidate in self.candidates),
            )
        )

    @property
    def only_walks(self) -> bool:
        """Whether walks are the only such rule."""
        return replace(self, walks=()).is_core

    def _rooms_row(self) -> dict[str, Any]:
        if not self.table_rooms:
            return {}
        return {"table_rooms": list(self.table_rooms), "walks": [list(pair) for pair in self.walks]}

    def _limits_row(self) -> dict[str, Any]:
        rows: dict[str, Any] = {
            "quotas": [_with_lists(asdict(quota)) for quota in self.quotas],
            "order": [_with_lists(asdict(order)) for order in self.order],
            "equipment": [asdict(item) for item in self.equipment],
        }
        rows["started"] = self.started
        found = {key: value for key, value in rows.items() if value}
        return found if len(self.days) == 1 else found | {"days": list(self.days)}


def _with_lists(row: dict[str, Any]) -> dict[str, Any]:
    found = {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}
    if found.get("people"):
        found["people"] = [_with_lists(person) for person in found["people"]]
    return found


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    row: dict[str, Any] = {"a": candidate.a, "v": candidate.v, "w": candidate.w}
    bonus = {str(slot): points for slot, points in candidate.slot_bonus}
    optional: dict[str, Any] = {
        "remote": candidate.remote,
        "slot_bonus": bonus,
        "needs": list(candidate.needs),
        "met_before": candidate.met_before,
    }
    return row | {key: value for key, value in optional.items() if value}


ALWAYS = ("id", "side", "avail", "min", "max", "table")


def _participant_row(person: Participant) -> dict[str, Any]:
    row = asdict(person)
    given = _given(row, Participant("", ""))
    return _with_lists({key: row[key] for key in row if key in ALWAYS or key in given})


def _given(row: dict[str, Any], default: Participant | Pin) -> dict[str, Any]:
    """What differs from the default."""
    return {key: value for key, value in row.items() if value != getattr(default, key)}
