"""Slots of the day: made at once, then changed one by one."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.clock import today
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.enums import EventStatus
from app.events.forms import DayForm, SlotRow, SlotsForm
from app.events.queries.events import get_event_to_run
from app.events.services.events import SlotSpec, day_of
from app.events.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors

if TYPE_CHECKING:
    from app.events.models import Event


BLANK_ROWS = 1


@blueprint.get("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def slots(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return _page(event, _day_form(event), _slots_form(event), _rows(event))


@blueprint.post("/organisation-evenements/<slug>/creneaux/generer")
@requires(Permission.EVENT_MANAGE)
def make_slots(slug: str) -> Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = DayForm(published=_is_published(event))
    if form.validate():
        values = {
            name: value for name, value in form.values().items() if name not in ("version", "confirmed")
        }
        try:
            _set(event, form, services.regular_slots(timezone=event.timezone, **values))
            return _saved(slug)
        except (RuleBroken, Conflict) as error:
            attach_errors(form, getattr(error, "fields", {}), error.message)
    return _page(event, form, _slots_form(event, blank=True), _rows(event)), 422


@blueprint.post("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def edit_slots(slug: str) -> Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form, rows = SlotsForm(published=_is_published(event)), _typed_rows()
    if form.validate() and _rows_hold(form, rows):
        try:
            specs = [
                _spec(row, day_of(event) or today(), event.timezone) for row in rows if not row.is_empty()
            ]
            _set(event, form, specs)
            return _saved(slug)
        except (RuleBroken, Conflict) as error:
            attach_errors(form, getattr(error, "fields", {}), error.message)
    return _page(event, _day_form(event, blank=True), form, rows), 422


def _page(event: "Event", day: DayForm, form: SlotsForm, rows: list[SlotRow]) -> str:
    return render_template("events/slots.html", event=event, day=day, form=form, rows=rows)


def _saved(slug: str) -> Response:
    flash(_("Les créneaux sont enregistrés."), "success")
    return redirect(url_for("events.slots", slug=slug))


def _set(event: "Event", form: DayForm | SlotsForm, specs: list[SlotSpec]) -> None:
    services.set_slots(
        current_actor(),
        event,
        specs,
        expected_version=form.expected_version(),
        confirmed=form.is_confirmed(),
    )


def _is_published(event: "Event") -> bool:
    return event.status is EventStatus.SCHEDULED


def _slots_form(event: "Event", *, blank: bool = False) -> SlotsForm:
    formdata = {"formdata": None} if blank else {}
    return SlotsForm(**formdata, version=str(event.version), published=_is_published(event))


def _day_form(event: "Event", *, blank: bool = False) -> DayForm:
    held_on = day_of(event) or request.args.get("date", type=date.fromisoformat)
    formdata = {"formdata": None} if blank else {}
    return DayForm(
        **formdata,
        version=str(event.version),
        published=_is_published(event),
        held_on=held_on,
        **_pattern(event),
    )


def _pattern(event: "Event") -> dict[str, Any]:
    """What the day form would make the present slots with, as far as they are regular."""
    if not event.slots:
        return {"first_at": time(9)}
    first, *others = event.slots
    pattern = {
        "first_at": _local(first.starts_at, event),
        "count": len(event.slots),
        "length_min": _minutes(first.starts_at, first.ends_at),
    }
    return pattern | {"pause_min": _minutes(first.ends_at, others[0].starts_at)} if others else pattern


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _rows(event: "Event") -> list[SlotRow]:
    known = [
        SlotRow(
            prefix=f"slot{place}-",
            data={
                "starts": _local(slot.starts_at, event),
                "ends": _local(slot.ends_at, event),
                "tables": slot.tables,
            },
        )
        for place, slot in enumerate(event.slots)
    ]
    return known + [SlotRow(prefix=f"slot{len(known)}-") for _blank in range(BLANK_ROWS)]


def _typed_rows() -> list[SlotRow]:
    number = 0
    while f"slot{number}-starts" in request.form:
        number += 1
    return [SlotRow(request.form, prefix=f"slot{place}-") for place in range(number)]


def _rows_hold(form: SlotsForm, rows: list[SlotRow]) -> bool:
    for number, row in enumerate(rows, start=1):
        if row.is_empty():
            continue
        row.validate()
        for field in (row.starts, row.ends):
            if field.data is None and not field.errors:
                field.errors = [_("Indiquez une heure.")]
        if row.errors:
            text = " ".join(str(text) for texts in row.errors.values() for text in texts)
            attach_errors(form, {f"line {number}": _("Créneau %(n)d : %(text)s", n=number, text=text)})
    return not form.errors


def _spec(row: SlotRow, day: date, timezone: str) -> SlotSpec:
    zone = ZoneInfo(timezone)
    starts, ends = row.starts.data or time(0), row.ends.data or time(0)
    return SlotSpec(datetime.combine(day, starts, zone), datetime.combine(day, ends, zone), row.tables.data)


def _local(moment: datetime, event: "Event") -> time:
    return moment.astimezone(ZoneInfo(event.timezone)).time()
