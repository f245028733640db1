"""Kinds of fields of an event: instants, the lines of its programme, times of absence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.content.spec import Field, LongText
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.hours import Period, is_second_pass, period
from app.web.templating import full_date

FARTHEST = 366
"""Days from the first one of an event to any of its slots."""
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def is_possible(day: date | None) -> bool:
    """Whether an event may be held then: beyond, clocks and calendars know nothing."""
    return day is None or EARLIEST <= day < LATEST


def local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant as clocks of the zone show it."""
    return None if moment is None else moment.astimezone(zone)


@dataclass(frozen=True, slots=True)
class Moment(Field):
    """An instant to the minute, kept as the clocks of the event show it, with their offset."""

    empty: Any = None

    def dump(self, value: Any) -> str | None:
        return None if value is None else value.isoformat(timespec="minutes")

    def load(self, stored: Any) -> datetime | None:
        return datetime.fromisoformat(stored) if stored else None

    def show(self, stored: Any) -> str:
        moment = self.load(stored)
        return "" if moment is None else _moment_text(moment)


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A slot as a programme says it: `day` counts from the event's first one, hours are those of its clocks
    (`later`: the second pass of an hour of autumn), so that another first day or zone moves it whole.
    `tables` None means the event's number; `id` is that of the slot, None for a new one."""

    day: int
    starts: time
    ends: time
    later: bool = False
    tables: int | None = None
    id: int | None = None

    @classmethod
    def of(cls, span: Period, first: date, zone: ZoneInfo, tables: int | None, slot_id: int | None) -> "Line":
        start, end = span.starts_at.astimezone(zone), span.ends_at.astimezone(zone)
        day = (start.date() - first).days
        return cls(day, _clock(start), _clock(end), is_second_pass(span.starts_at, zone), tables, slot_id)

    def period(self, first: date, zone: ZoneInfo) -> Period:
        """Raises RuleBroken where clocks skip one of its hours that day."""
        return period(first + timedelta(days=self.day), self.starts, self.ends, zone, later=self.later)


@dataclass(frozen=True, slots=True)
class Programme(LongText):
    """The lines of a programme, in order. Two people's merge slot by slot."""

    empty: Any = ()

    def dump(self, value: Any) -> Any:
        lines = sorted(value or (), key=lambda line: (line.day, line.later, line.starts, line.id or 0))
        return [_stored(line) for line in lines]

    def load(self, stored: Any) -> list[Line]:
        return [_line(**item) for item in stored or ()]

    def show(self, stored: Any) -> str:
        return self.tell({self.name: stored})

    def tell(self, content: Mapping[str, Any]) -> str:
        """Written out with its days where the content says the first one."""
        first = content.get("held_on")
        day = date.fromisoformat(first) if first else None
        return "\n".join(_text(line, day) for line in self.load(content.get(self.name)))

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        sides = [_keyed(self.load(side)) for side in (base, theirs, mine)]
        keys = sorted(set().union(*sides), key=str)
        found = [Field(self.name, "").merge(*(side.get(key) for side in sides)) for key in keys]
        kept = [line for line, _clash in found if line is not None]
        return self.dump(kept), any(clash for _one, clash in found)


@dataclass(frozen=True, slots=True)
class Spans(Field):
    """Times at which somebody is away, as the clocks of the event show them: both editors keep theirs."""

    empty: Any = ()

    def dump(self, value: Any) -> Any:
        return [[moment.isoformat(timespec="minutes") for moment in span] for span in sorted(value or ())]

    def load(self, stored: Any) -> list[tuple[datetime, datetime]]:
        return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in stored or ()]

    def show(self, stored: Any) -> str:
        return "\n".join(f"{_moment_text(start)} – {_moment_text(end)}" for start, end in self.load(stored))

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        before, one, other = ({tuple(span) for span in side or ()} for side in (base, theirs, mine))
        return [list(span) for span in sorted((one & other) | (one - before) | (other - before))], False


def _moment_text(moment: datetime) -> str:
    return f"{full_date(moment.date())}, {moment:%H:%M}"


def _clock(moment: datetime) -> time:
    return moment.time().replace(second=0, microsecond=0, fold=0)


def _stored(line: Line) -> dict[str, Any]:
    return {**asdict(line), "starts": f"{line.starts:%H:%M}", "ends": f"{line.ends:%H:%M}"}


def _line(
    *,
    day: Any,
    starts: Any,
    ends: Any,
    later: Any = False,
    tables: Any = None,
    id: Any = None,
) -> Line:
    """Raises TypeError or ValueError for what only a tampered page can send."""
    if not isinstance(day, int) or abs(day) > FARTHEST:
        raise ValueError(f"{day!r} is no day of an event")
    for number in (tables, id):
        if number is not None and not isinstance(number, int):
            raise TypeError(f"{number!r} is no number")
    return Line(day, time.fromisoformat(starts), time.fromisoformat(ends), bool(later), tables, id)


def _keyed(lines: Sequence[Line]) -> dict[Any, Line]:
    """Each slot by its identifier; a new one, by what it says."""
    return {line.id if line.id is not None else (line.day, line.starts, line.later): line for line in lines}


def _text(line: Line, first: date | None) -> str:
    try:
        day = "" if first is None else full_date(first + timedelta(days=line.day)) + ", "
    except OverflowError:  # a draft may hold any date
        day = ""
    hours = f"{day}{line.starts:%H:%M} – {line.ends:%H:%M}"
    return hours if line.tables is None else _("%(hours)s, %(n)d tables", hours=hours, n=line.tables)


def lines_of(
    spans: Iterable[tuple[Period, int | None, int | None]], zone: ZoneInfo, first: date | None = None
) -> tuple[date | None, list[Line]]:
    """(first day, lines) of periods, each with its tables and identifier; counted from the day given, else
    from that of the first one. Raises RuleBroken for one that is far from it."""
    found = sorted(spans, key=lambda item: item[0])
    if first is None and found:
        first = found[0][0].starts_at.astimezone(zone).date()
    lines = [] if first is None else [Line.of(span, first, zone, *rest) for span, *rest in found]
    if any(abs(line.day) > FARTHEST for line in lines):
        raise RuleBroken(_("Un créneau est à plus d’un an du premier jour : corrigez sa date."))
    return first, lines
