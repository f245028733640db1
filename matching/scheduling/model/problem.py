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
- `rooms` left out: as many as group sessions.

Values `w` are points, zero or more, read to six decimals. Minimums and maximums count one-to-one meetings;
a group session occupies its host, its vendors and a room, never a table, and must be held. A pinned pair
that is no candidate is worth 0. A participant's own table is used whenever it exists at that slot (the
administration's first), unless a pin gives another."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from matching.scheduling.model.entities import Candidate, Group, Participant, Pin, Seat
from matching.scheduling.model.reading import SHORTFALL_PENALTY, read_fields

__all__ = ["Candidate", "Group", "Participant", "Pin", "Problem", "Seat"]


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

    @classmethod
    def from_json(cls, data: object) -> Problem:
        """Read the interchange format; raises ProblemError naming every fault."""
        return cls(**read_fields(data))

    def to_json(self) -> dict[str, Any]:
        """The interchange format."""
        tables: int | list[int] = list(self.tables)
        if len(set(self.tables)) == 1:
            tables = self.tables[0]
        return {
            "name": self.name,
            "slots": self.slots,
            "tables": tables,
            "rooms": self.rooms,
            "shortfall_penalty": self.shortfall_penalty,
            "participants": [_with_lists(asdict(participant)) for participant in self.participants],
            "candidates": [_candidate_row(candidate) for candidate in self.candidates],
            "pinned": [{k: x for k, x in asdict(pin).items() if x is not None} for pin in self.pinned],
            "forbidden": [list(pair) for pair in self.forbidden],
            "groups": [_with_lists(asdict(group)) for group in self.groups],
            "blocks": list(self.blocks),
        } | self._rooms_row()

    def _rooms_row(self) -> dict[str, Any]:
        if not self.table_rooms:
            return {}
        return {"table_rooms": list(self.table_rooms), "walks": [list(pair) for pair in self.walks]}


def _with_lists(row: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    row: dict[str, Any] = {"a": candidate.a, "v": candidate.v, "w": candidate.w}
    return row | {"remote": True} if candidate.remote else row
