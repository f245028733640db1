"""The parts of a scheduling problem; `problem.py` documents the format they come from."""

from __future__ import annotations

from dataclasses import dataclass

DECIMALS = 6  # of points


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of a delegation, who attends those of its slots that are in `avail` (None: all)."""

    id: str
    avail: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A delegation on one side; `avail` None means every slot, `max` None means no maximum.

    It holds `parallel` activities at once, or as many as its `people` present. Rules of its day, where no
    activity at all counts as free: `free_count` of the slots `free_one_of` are free; at most `max_in_a_row`
    slots follow each other; `min_gap` free slots lie between two busy ones (the last two within a block).
    Of meetings, `max_a_day` at most are held on a day; each missing to `min_a_day` costs the penalty."""

    id: str
    side: str
    avail: tuple[int, ...] | None = None
    min: int = 0
    max: int | None = None
    table: int | None = None
    parallel: int = 1
    people: tuple[Person, ...] = ()
    free_one_of: tuple[int, ...] = ()
    free_count: int = 1
    max_in_a_row: int | None = None
    min_gap: int = 0
    max_a_day: int | None = None
    min_a_day: int = 0

    def is_available(self, slot: int) -> bool:
        """Whether the participant attends that slot."""
        return self.avail is None or slot in self.avail

    def capacity(self, slot: int) -> int:
        """Activities it can hold at once at that slot."""
        if not self.is_available(slot):
            return 0
        return len(self.present(slot)) if self.people else self.parallel

    def present(self, slot: int) -> list[str]:
        """Its named people who attend that slot."""
        return [p.id for p in self.people if p.avail is None or slot in p.avail]

    @property
    def is_parallel(self) -> bool:
        """Whether it may hold several activities at once."""
        return self.parallel > 1 or bool(self.people)

    @property
    def has_rests(self) -> bool:
        """Whether some of its slots must be free."""
        return bool(self.free_one_of or self.max_in_a_row is not None or self.min_gap)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A meeting that may be held, its value in points, and whether it is held without a table.

    `slot_bonus`: points more (or fewer) at some slots; `needs`: equipment; `met_before`: points less because
    the two know each other already."""

    a: str
    v: str
    w: float
    remote: bool = False
    slot_bonus: tuple[tuple[int, float], ...] = ()
    needs: tuple[str, ...] = ()
    met_before: float = 0

    @property
    def worth(self) -> float:
        """What it brings."""
        return max(0, round(self.w - self.met_before, DECIMALS)) if self.met_before else self.w


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting that must be held, at a given slot (or one of `slots`) and table where they are given."""

    a: str
    v: str
    slot: int | None = None
    table: int | None = None
    slots: tuple[int, ...] | None = None

    def choices(self, slots: int) -> tuple[int, ...]:
        """Where it may be held, of so many slots."""
        if self.slot is not None:
            return (self.slot,)
        return tuple(range(slots)) if self.slots is None else self.slots


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


@dataclass(frozen=True, slots=True)
class Quota:
    """Of the meetings of those `among` (nobody: of all), at most `max` are with `members`; each missing to
    `min`, or to `min_share` of a hundred, costs the penalty."""

    id: str
    members: tuple[str, ...]
    among: tuple[str, ...] = ()
    min: int = 0
    max: int | None = None
    min_share: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Where both meetings are held, `first` is before `then`."""

    first: tuple[str, str]
    then: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Equipment:
    """Of which only so many meetings that need it can be held at a slot."""

    id: str
    count: int
