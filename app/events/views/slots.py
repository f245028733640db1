"""Slots of the programme: those of a day made at once, then changed one by one."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.content.forms import carried, written
from app.content.presenters import ConflictPage, conflict_page
from app.content.queries import working_content
from app.content.services import EditConflict, Seen
from app.content.views import seen_now
from app.core.errors import RuleBroken
from app.events import services
from app.events.forms import DayForm, SlotsForm, slots_form
from app.events.queries.events import get_event_to_run
from app.events.spec import EVENT, Line
from app.events.views.blueprint import blueprint
from app.events.views.editing import again, saved, sent_slots, shown_slots
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors

if TYPE_CHECKING:
    from app.events.models import Event

Answer = str | Response | tuple[str, int]


@blueprint.get("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def slots(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    return _page(event, _day_form(event), shown_slots(event))


@blueprint.post("/organisation-evenements/<slug>/creneaux/generer")
@requires(Permission.EVENT_MANAGE)
def make_slots(slug: str) -> Answer:
    """The slots of one day; those of the other days stay as they are."""
    event = get_event_to_run(current_actor(), slug)
    form = DayForm(**carried(seen_now(EVENT, event)))
    if form.validate():
        seen = form.seen(EVENT, event)
        asked = {
            name: form[name].data for name in ("held_on", "first_at", "length_min", "count", "pause_min")
        }
        try:
            made = services.regular_slots(timezone=EVENT.load(seen.content)["timezone"], **asked)
            content = services.with_day(seen.content, asked["held_on"], made)
            services.save_event(current_actor(), event, content, seen=seen)
            return saved(event, url_for("events.slots", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(slug, error)
    return _page(event, form, shown_slots(event)), 422


@blueprint.post("/organisation-evenements/<slug>/creneaux")
@requires(Permission.EVENT_MANAGE)
def edit_slots(slug: str) -> Answer:
    event = get_event_to_run(current_actor(), slug)
    form = sent_slots(event)
    seen = form.seen(EVENT, event)
    if form.validate() and form.rows_hold():
        try:
            services.save_event(current_actor(), event, written(form, EVENT, seen), seen=seen)
            return saved(event, url_for("events.slots", slug=slug))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(slug, error)
    return _page(event, _day_form(event, blank=True), form), 422


def _page(event: "Event", day: DayForm, form: SlotsForm, conflict: ConflictPage | None = None) -> str:
    values = EVENT.load(working_content(EVENT, event))
    return render_template(
        "events/slots.html", event=event, day=day, form=form, values=values, conflict=conflict
    )


def _conflict(slug: str, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    event = again(slug)
    form = slots_form(error.merge.content, sent=False)
    form.now_seen(seen_now(EVENT, event))
    return _page(event, _day_form(event, blank=True), form, conflict_page(EVENT, error.merge)), 409


def _day_form(event: "Event", *, blank: bool = False) -> DayForm:
    seen: Seen = seen_now(EVENT, event)
    values = EVENT.load(seen.content)
    held_on = values["held_on"] or request.args.get("date", type=date.fromisoformat)
    options = {"formdata": None} if blank else {}
    return DayForm(**options, **carried(seen), held_on=held_on, **_pattern(values["slots"]))


def _pattern(lines: list[Line]) -> dict[str, Any]:
    """What the day form would make the slots of the first day with, as far as they are regular."""
    if not lines:
        return {"first_at": time(9)}
    first, *others = [line for line in lines if line.day == lines[0].day]
    pattern = {
        "first_at": first.starts,
        "count": 1 + len(others),
        "length_min": _minutes(first.starts, first.ends),
    }
    return pattern | {"pause_min": _minutes(first.ends, others[0].starts)} if others else pattern


def _minutes(start: time, end: time) -> int:
    """From one hour to the next time clocks show the other."""
    both = (datetime.combine(date.min, hour) for hour in (end, start))
    return int((next(both) - next(both)).total_seconds() // 60) % (24 * 60)
