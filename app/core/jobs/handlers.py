"""Which function does the jobs of a kind, in which lane, how often it is tried, when it is due by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from app.core.jobs.models import Job, Lane
from app.core.jobs.moments import LatestMoment

ATTEMPTS = 10
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(hours=2)
Handle = Callable[[Job], None]
Step = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Handler:
    do: Handle
    lane: Lane = Lane.SHORT
    attempts: int = ATTEMPTS
    latest: LatestMoment | None = None
    kept: bool = False


_handlers: dict[str, Handler] = {}
_steps: dict[Lane, list[Step]] = {}


def handler(
    kind: str, *, lane: Lane = Lane.SHORT, attempts: int = ATTEMPTS, kept: bool = False
) -> Callable[[Handle], Handle]:
    """Register the function that does the jobs of `kind`. It must be idempotent: it may run again. Those that
    other rows name are `kept` when the others are forgotten."""
    return _register(kind, Handler(_undone, lane, attempts, None, kept))


def scheduled(
    kind: str, at: LatestMoment, *, lane: Lane = Lane.LONG, attempts: int = ATTEMPTS
) -> Callable[[Handle], Handle]:
    """The same for work that is due by itself, `at=daily(3)` or `at=hourly(10)`: once for each due moment,
    however many workers there are, and once for the last one missed while none was there."""
    return _register(kind, Handler(_undone, lane, attempts, at))


def step(lane: Lane) -> Callable[[Step], Step]:
    """Register what else the threads of a lane do between two jobs: one piece of work kept in a table of its
    own, answering whether there was one."""

    def register(function: Step) -> Step:
        _steps.setdefault(lane, []).append(function)
        return function

    return register


def steps_of(lane: Lane) -> tuple[Step, ...]:
    return tuple(_steps.get(lane, ()))


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def lane_of(kind: str) -> Lane:
    """The lane of a kind; short for one that this process cannot do itself."""
    return _handlers[kind].lane if kind in _handlers else Lane.SHORT


def scheduled_kinds() -> Mapping[str, LatestMoment]:
    return {kind: found.latest for kind, found in _handlers.items() if found.latest is not None}


def delay_after(attempts: int) -> timedelta:
    """How long to wait after a failure: 30 s, then twice as long each time, at most two hours."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def kept_kinds() -> list[str]:
    return [kind for kind, found in _handlers.items() if found.kept]


def _register(kind: str, known: Handler) -> Callable[[Handle], Handle]:
    def register(function: Handle) -> Handle:
        _handlers[kind] = replace(known, do=function)
        return function

    return register


def _undone(job: Job) -> None:
    raise NotImplementedError(job.kind)
