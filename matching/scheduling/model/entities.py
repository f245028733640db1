"""The parts of a scheduling problem; `problem.py` documents the format they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Participant:
    """A delegation on one side; `avail` None means every slot, `max` None means no maximum."""

    id: str
    side: str
    avail: tuple[int, ...] | None = None
    min: int = 0
    max: int | None = None
    table: int | None = None

    def is_available(self, slot: int) -> bool:
        """Whether the participant attends that slot."""
        return self.avail is None or slot in self.avail


@dataclass(frozen=True, slots=True)
class Candidate:
    """A meeting that may be held, its value in points, and whether it is held without a table."""

    a: str
    v: str
    w: float
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting that must be held, at a given slot and table where they are given."""

    a: str
    v: str
    slot: int | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A vendor that may attend a group session, and the value of its seat."""

    v: str
    w: float


@dataclass(frozen=True, slots=True)
class Group:
    """A session held by one host for `min` to `cap` vendors, in one of `slots` (None: any), in a room."""

    id: str
    ambassador: str
    vendors: tuple[Seat, ...]
    cap: int
    min: int = 0
    slots: tuple[int, ...] | None = None
