"""The events, as everyone may see them."""

from flask import render_template

from app.events.queries.delegations import delegation_counts
from app.events.queries.events import events_visible_to
from app.events.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/evenements")
@requires(Permission.EVENT_READ)
def browse() -> str:
    events = events_visible_to(current_actor())
    counts = delegation_counts([event.id for event in events])
    return render_template("events/browse.html", events=events, counts=counts)
