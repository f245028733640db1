"""The history of an event: each version that people could read, and what changed from one to the next."""

from flask import url_for

from app.content.views import Readable, register
from app.events.queries.events import get_event
from app.events.spec import EVENT
from app.events.views.blueprint import blueprint
from app.permissions import Permission

PAGES = Readable(
    spec=EVENT,
    page=lambda event: url_for("schedules.programme", slug=event.slug),
    reading=Permission.EVENT_READ,
    read=lambda actor, address: get_event(actor, address["slug"]),
    title=lambda event: event.name,
    address=lambda event: {"slug": event.slug},
)
register(blueprint, "/evenements/<slug>", PAGES)
