"""Where the preparation of an event stands."""

from flask import render_template

from app.content.views import draft_state
from app.events.queries.delegations import delegation_counts
from app.events.queries.events import get_event_to_run
from app.events.views.editing import PAGES
from app.meetings.queries.sessions import sessions_of
from app.meetings.queries.wishes import pending_requests_count
from app.permissions import Permission
from app.schedules.queries.versions import find_published_with_meetings, versions_of, withdrawn_from
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires


@blueprint.get("/organisation-evenements/<slug>")
@requires(Permission.EVENT_MANAGE)
def overview(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    published = find_published_with_meetings(event.id)
    return render_template(
        "schedules/overview.html",
        event=event,
        draft=draft_state(PAGES, event),
        counts=delegation_counts([event.id])[event.id],
        pending=pending_requests_count(event.id),
        sessions=len(sessions_of(event.id)),
        versions=len(versions_of(event.id)),
        published=published,
        withdrawn=[] if published is None else withdrawn_from(published),
    )
