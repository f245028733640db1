"""What everyone may see: the events, their programme and how full it is."""

from flask import render_template

from app.agenda.queries.events import delegation_counts, delegations_of, events_visible_to, get_event
from app.agenda.queries.meetings import sessions_of
from app.agenda.queries.schedules import find_published, meeting_counts_by_slot
from app.agenda.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/evenements")
@requires(Permission.EVENT_READ)
def browse() -> str:
    events = events_visible_to(current_actor())
    counts = delegation_counts([event.id for event in events])
    return render_template("agenda/browse.html", events=events, counts=counts)


@blueprint.get("/evenements/<slug>")
@requires(Permission.EVENT_READ)
def event(slug: str) -> str:
    found = get_event(current_actor(), slug)
    published = find_published(found.id)
    return render_template(
        "agenda/event.html",
        event=found,
        delegations=delegations_of(found.id),
        sessions=sessions_of(found.id),
        occupancy=meeting_counts_by_slot(published.id) if published else None,
    )
