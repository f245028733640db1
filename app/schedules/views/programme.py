"""What everyone may see of an event: its programme and how full it is."""

from flask import render_template

from app.events.queries.delegations import delegations_of
from app.events.queries.events import get_event
from app.meetings.queries.sessions import sessions_of
from app.permissions import Permission
from app.schedules.queries.versions import find_published, meeting_counts_by_slot
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires


@blueprint.get("/evenements/<slug>")
@requires(Permission.EVENT_READ)
def programme(slug: str) -> str:
    found = get_event(current_actor(), slug)
    published = find_published(found.id)
    return render_template(
        "schedules/programme.html",
        event=found,
        delegations=delegations_of(found.id),
        sessions=sessions_of(found.id),
        occupancy=meeting_counts_by_slot(published.id) if published else None,
    )
