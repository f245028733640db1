"""Slots of the programme: those of a day made at once, then changed one by one."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.events import services
from app.events.enums import EventStatus
from app.events.forms import DayForm, SlotRow, SlotsForm, periods, rows_hold
from app.events.queries.events import get_event_to_run
from app.events.services import SlotSpec
from app.events.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors

if TYPE_CHECKING:
    from app.events.models import Event, Slot

PREFIX = "slot"


@blueprint.get("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def slots(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return _page(event, _day_form(event), _slots_form(event), _rows(event))


@blueprint.post("/organisation-evenements/<slug>/creneaux/generer")
@requires(Permission.EVENT_MANAGE)
def make_slots(slug: str) -> Response | tuple[str, int]:
    """The slots of one day; those of the other days stay as they are."""
    event = get_event_to_run(current_actor(), slug)
    form = DayForm(published=_is_published(event))
    if form.validate():
        asked = {
            name: form[name].data for name in ("held_on", "first_at", "length_min", "count", "pause_min")
        }
        try:
            made = services.regular_slots(timezone=event.timezone, **asked)
            _set(event, form, [*_of_other_days(event, form.held_on.data), *made])
            return _saved(slug)
        except (RuleBroken, Conflict) as error:
            attach_errors(form, getattr(error, "fields", {}), error.message)
    return _page(event, form, _slots_form(event, blank=True), _rows(event)), 422


@blueprint.post("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def edit_slots(slug: str) -> Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form, rows = SlotsForm(published=_is_published(event)), SlotRow.typed(request.form, PREFIX)
    label = _("Créneau %(n)d :")
    if form.validate() and rows_hold(form, rows, label, hours=True):
        kept = [row for row in rows if not row.is_empty()]
        spans = periods(form, rows, event.zone, label)
        try:
            if not form.errors:
                _set(event, form, [_spec(row, span) for row, span in zip(kept, spans, strict=True)])
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
        revision=form.expected_version(),
        confirmed=form.is_confirmed(),
    )


def _is_published(event: "Event") -> bool:
    return event.status is EventStatus.SCHEDULED


def _slots_form(event: "Event", *, blank: bool = False) -> SlotsForm:
    formdata = {"formdata": None} if blank else {}
    return SlotsForm(**formdata, version=str(event.revision), published=_is_published(event))


def _day_form(event: "Event", *, blank: bool = False) -> DayForm:
    held_on = event.days[0] if event.slots else request.args.get("date", type=date.fromisoformat)
    formdata = {"formdata": None} if blank else {}
    return DayForm(
        **formdata,
        version=str(event.revision),
        published=_is_published(event),
        held_on=held_on,
        **_pattern(event),
    )


def _pattern(event: "Event") -> dict[str, Any]:
    """What the day form would make the slots of the first day with, as far as they are regular."""
    if not event.slots:
        return {"first_at": time(9)}
    first, *others = [slot for slot in event.slots if _day(slot, event) == event.days[0]]
    pattern = {
        "first_at": first.starts_at.astimezone(event.zone).time(),
        "count": 1 + len(others),
        "length_min": _minutes(first.starts_at, first.ends_at),
    }
    return pattern | {"pause_min": _minutes(first.ends_at, others[0].starts_at)} if others else pattern


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _day(slot: "Slot", event: "Event") -> date:
    return slot.starts_at.astimezone(event.zone).date()


def _of_other_days(event: "Event", day: date | None) -> list[SlotSpec]:
    return [
        SlotSpec(slot.starts_at, slot.ends_at, slot.tables, slot.id)
        for slot in event.slots
        if _day(slot, event) != day
    ]


def _rows(event: "Event") -> list[SlotRow]:
    known = [
        SlotRow(
            prefix=f"{PREFIX}{place}-",
            data=SlotRow.shown(slot.period, event.zone) | {"slot_id": slot.id, "tables": slot.tables},
        )
        for place, slot in enumerate(event.slots)
    ]
    day = event.days[-1] if event.days else None
    return [*known, SlotRow(prefix=f"{PREFIX}{len(known)}-", data={"day": day})]


def _spec(row: SlotRow, span: Any) -> SlotSpec:
    return SlotSpec(span.starts_at, span.ends_at, row.tables.data, row.known_id())
