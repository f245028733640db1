"""Lines of the pages about versions: what has no place, what a repair changes, what a study found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.i18n import gettext as _
from app.events.models import Event
from app.events.presenters import slot_text
from app.schedules.models import ScheduleRun, ScheduleVersion
from app.schedules.planner import hours_of, names_of
from app.schedules.presenters.words import bottleneck_text, change_text, relaxation_text, unplaced_text
from app.schedules.reports import Gain, RunReport


@dataclass(frozen=True, slots=True)
class UnplacedLine:
    """A meeting that has no place; `code` is the reason as the planner names it."""

    code: str
    administration: str
    vendor: str
    why: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One meeting that a repair changes; `before` and `after` are hours and table, "" where there is none."""

    kind: str
    administration: str
    vendor: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class GainLine:
    """What one change would bring; `delegation_id` of whose presence it is, if it is one."""

    code: str
    text: str
    points: float
    delegation_id: int | None


def unplaced_lines(version: ScheduleVersion, names: Mapping[str, str]) -> list[UnplacedLine]:
    return [
        UnplacedLine(
            item.reason,
            names.get(item.a, "?"),
            names.get(item.v, "?"),
            unplaced_text(item, names),
        )
        for item in version.unplaced
    ]


def change_lines(run: ScheduleRun, event: Event) -> list[ChangeLine]:
    """The changes of a repair, its slots as the run numbered them."""
    names, lines = names_of(event), []
    for item in run.report.changes:
        before, after = item.tables
        lines.append(
            ChangeLine(
                item.kind,
                names.get(item.a, "?"),
                names.get(item.v, "?"),
                _place(event, run.slots, item.origin, before),
                _place(event, run.slots, item.to, after),
                change_text(item, names),
            )
        )
    return lines


def bottleneck_lines(report: RunReport, event: Event) -> list[str]:
    """What keeps a run's pins and sessions, or its minimums, from being held."""
    if not report.bottlenecks:
        return []
    names, hours = names_of(event), hours_of(event)
    return [bottleneck_text(entry, names, hours) for entry in report.bottlenecks]


def gain_lines(event: Event, version: ScheduleVersion) -> list[GainLine] | None:
    """What a study found; None until it is done."""
    run = version.computed_by
    study = run.study if run is not None else None
    if study is None or study.gains is None:
        return None
    names, hours = names_of(event), hours_of(event)
    return [
        GainLine(gain.code, relaxation_text(gain, names, hours), gain.points, _delegation(gain))
        for gain in study.gains
    ]


def _delegation(gain: Gain) -> int | None:
    return int(gain.item.split("@")[0]) if gain.code == "hour" else None


def _place(event: Event, slots: Sequence[int], number: int | None, table: int | None) -> str:
    known = {slot.id: slot for slot in event.slots}
    slot = known.get(slots[number]) if number is not None and number < len(slots) else None
    if slot is None:
        return ""
    where = "" if table is None else ", " + _("table %(n)s", n=table + 1)
    return slot_text(slot.period, event) + where
