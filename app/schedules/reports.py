"""What an organiser asks of the planner and what it answers, read once from what is stored: a name that is
not known is left out, one that is missing takes its default.

Meetings, people and slots are named as the problem names them: identifiers as text, slots by position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import TypeAdapter

OPTIMAL, INFEASIBLE = "optimal", "infeasible"
Group = tuple[str, ...]
"""One person, or a pair."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What an organiser asks of a run. `raise_floor`: as many meetings as possible for the worst served;
    `sme_floor`: meetings for each SME; `keep_published`: start from the published schedule and leave it only
    for a better one, its slots unpolished; `polish`: fewer breaks at the same value."""

    raise_floor: bool = False
    sme_floor: int = 0
    keep_published: bool = False
    polish: bool = True

    @property
    def is_fair(self) -> bool:
        return self.raise_floor or self.sme_floor > 0


@dataclass(frozen=True, slots=True)
class MovePolicy:
    """What moving meetings may cost: points for each moved one, and how many one person may see moved."""

    price: float
    cap: int


@dataclass(frozen=True, slots=True)
class RepairAsked:
    """A repair of the published version numbered `base`, of whose slots the first `started` had begun."""

    started: int
    base: int
    moves: MovePolicy | None = None


@dataclass(frozen=True, slots=True)
class Asked(RunOptions):
    """All that a run was asked: options, or a repair."""

    repair: RepairAsked | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A wished meeting that has no place, why, and who or which meetings stand in its way."""

    a: str
    v: str
    reason: str
    by: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds people back, and the meetings it leaves them."""

    code: str
    items: tuple[str, ...]
    room: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """People who together want more than any schedule can give."""

    code: str
    wanted: int
    room: int
    people: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Comfort:
    """A figure of the days before and after polish, and the best that could be."""

    code: str
    before: int
    after: int
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class SideFigures:
    """Meetings per participant of one side; `histogram`: how many have 0, 1, 2... of them."""

    people: int = 0
    least: int = 0
    median: float = 0
    most: int = 0
    at_least: int = 0
    histogram: tuple[int, ...] = ()

    def having(self, meetings: int) -> int:
        """How many have exactly this number."""
        return self.histogram[meetings] if meetings < len(self.histogram) else 0


@dataclass(frozen=True, slots=True)
class Sides:
    """How meetings fall on administrations (A) and vendors (V), and what they are worth alone."""

    points: float = 0
    sides: Mapping[str, SideFigures] = field(default_factory=dict)

    def of(self, side: str) -> SideFigures:
        return self.sides.get(side, SideFigures())


@dataclass(frozen=True, slots=True)
class Floor:
    """Meetings asked for each SME, and how many could be kept."""

    asked: int
    kept: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How meetings fall without fairness and with it."""

    before: Sides
    after: Sides
    sme: Floor | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting that a repair drops, moves, adds or reseats; `tables`: before and after."""

    kind: str
    a: str
    v: str
    reason: str
    origin: int | None = None
    to: int | None = None
    by: tuple[Group, ...] = ()
    tables: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Gain:
    """A change that a study tried, what it concerns, and the points it brings to the bound."""

    code: str
    item: str
    points: float


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run told beside its schedule; `status` is empty while it works."""

    status: str = ""
    bottlenecks: tuple[Bottleneck, ...] = ()
    comfort: tuple[Comfort, ...] = ()
    spread: Spread | None = None
    changes: tuple[Change, ...] = ()

    @property
    def is_optimal(self) -> bool:
        return self.status == OPTIMAL

    @property
    def is_infeasible(self) -> bool:
        return self.status == INFEASIBLE


@dataclass(frozen=True, slots=True)
class Fault:
    """`who` is named as the problem names people and sessions; `slot` is a position; `text` is the library's
    own words, for what has no other yet."""

    code: str
    who: tuple[str, ...]
    slot: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that a schedule holds; `table` may be left to choose."""

    a: str
    v: str
    slot: int
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Answer(RunReport):
    """A schedule as the planner gives it. `problem`: the one solved, where it is not the one given."""

    meetings: tuple[Held, ...] = ()
    objective: float = 0
    bound: float = 0
    gap: float = 0
    unplaced: tuple[Unplaced, ...] = ()
    problem: dict[str, Any] | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From the interchange format."""
        return _ANSWER.validate_python(data)  # type: ignore[return-value]  # the adapter is of this class

    @property
    def report(self) -> RunReport:
        """What is kept beside the schedule itself."""
        return RunReport(self.status, self.bottlenecks, self.comfort, self.spread, self.changes)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; without a `bound` nothing can be compared yet."""

    phase: str = ""
    objective: float | None = None
    bound: float | None = None
    gap: float = 0
    elapsed_s: float = 0

    @property
    def is_known(self) -> bool:
        return self.objective is not None and bool(self.bound)


def read_report(data: Mapping[str, Any]) -> RunReport:
    return _REPORT.validate_python(data)


def read_asked(data: Mapping[str, Any]) -> Asked:
    return _ASKED.validate_python(data)


def read_unplaced(rows: Sequence[Any]) -> tuple[Unplaced, ...]:
    return _UNPLACED.validate_python(rows)


def read_gains(rows: Sequence[Any] | None) -> tuple[Gain, ...] | None:
    return None if rows is None else _GAINS.validate_python(rows)


def read_progress(data: Mapping[str, Any]) -> Progress:
    return _PROGRESS.validate_python(data)


def as_json(value: object) -> Any:
    """One of these, or several, as JSON keeps them."""
    return _ANY.dump_python(value, mode="json")


_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_REPORT: TypeAdapter[RunReport] = TypeAdapter(RunReport)
_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
_UNPLACED: TypeAdapter[tuple[Unplaced, ...]] = TypeAdapter(tuple[Unplaced, ...])
_GAINS: TypeAdapter[tuple[Gain, ...]] = TypeAdapter(tuple[Gain, ...])
_PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)
_ANY: TypeAdapter[object] = TypeAdapter(object)
