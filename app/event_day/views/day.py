"""The day itself: what happened, and what is proposed to mend the published schedule."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.clock import now
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.event_day.forms import RepairForm
from app.event_day.queries import proposals_of
from app.event_day.views.blueprint import blueprint
from app.events.queries.days import day_events_of, started_slots
from app.events.queries.events import get_event_to_run
from app.permissions import Permission
from app.schedules.presenters.versions import change_lines
from app.schedules.queries.versions import find_active_run, find_published_with_meetings, get_version
from app.schedules.reports import MovePolicy
from app.schedules.services import conflicts_of, fill_freed_slots, repair_with_moves
from app.web.access import current_actor, requires
from app.web.forms import attach_errors

if TYPE_CHECKING:
    from app.events.models import Event


DAY = "/organisation-evenements/<slug>/jour-j"


@blueprint.get(DAY)
@requires(Permission.EVENT_MANAGE)
def day(slug: str) -> str:
    return _page(get_event_to_run(current_actor(), slug), RepairForm())


@blueprint.post(f"{DAY}/combler")
@requires(Permission.EVENT_MANAGE)
def fill(slug: str) -> Response | tuple[str, int]:
    """Propose at once what fills the freed slots."""
    event = get_event_to_run(current_actor(), slug)
    try:
        found = fill_freed_slots(current_actor(), event)
    except (RuleBroken, InvalidTransition) as error:
        flash(error.message, "error")
        return redirect(url_for("event_day.day", slug=slug))
    return redirect(url_for("event_day.proposal", slug=slug, number=found.number))


@blueprint.post(f"{DAY}/reparer")
@requires(Permission.EVENT_MANAGE)
def repair(slug: str) -> Response | tuple[str, int]:
    """Look for the best schedule at a price per move, in the background."""
    event = get_event_to_run(current_actor(), slug)
    form = RepairForm()
    if form.validate():
        moves = MovePolicy(price=float(form.price.data or 0), cap=form.cap.data or 0)
        limit = float(form.time_limit_s.data or 1)
        try:
            run = repair_with_moves(current_actor(), event, moves, time_limit_s=limit)
            return redirect(url_for("schedules.run", slug=slug, run_id=run.id))
        except (RuleBroken, InvalidTransition) as error:
            attach_errors(form, {}, error.message)
    return _page(event, form), 422


@blueprint.get(f"{DAY}/propositions/<int:number>")
@requires(Permission.EVENT_MANAGE)
def proposal(slug: str, number: int) -> str:
    """What a repair changes, and why, before it is published or discarded."""
    event = get_event_to_run(current_actor(), slug)
    found = get_version(event.id, number)
    if found.run is None or found.run.asked.repair is None:
        raise NotFound
    changes = change_lines(found.run, event)
    return render_template(
        "event_day/proposal.html",
        event=event,
        version=found,
        moves=found.run.asked.repair.moves,
        changes=changes,
        concerned=sorted({name for item in changes for name in (item.administration, item.vendor)}),
        conflicts=conflicts_of(found),
    )


def _page(event: "Event", form: RepairForm) -> str:
    published = find_published_with_meetings(event.id)
    return render_template(
        "event_day/day.html",
        event=event,
        form=form,
        now=now(),
        started=started_slots(event),
        published=published,
        conflicts=conflicts_of(published) if published is not None else [],
        events=day_events_of(event.id),
        proposals=proposals_of(event.id),
        active=find_active_run(event.id),
    )
