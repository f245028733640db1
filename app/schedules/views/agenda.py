"""A participant's own day, on a page and as a calendar file."""

from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request

from app.accounts.queries import organisations_where
from app.events.queries.events import get_event
from app.permissions import Permission
from app.schedules.exports import calendar_file
from app.schedules.queries.agendas import agenda_of
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires


def _event_id() -> int | None:
    slug = request.args.get("evenement", "")
    return get_event(current_actor(), slug).id if slug else None


@blueprint.get("/mon-agenda")
@requires(Permission.AGENDA_READ_OWN)
def my_agenda() -> str:
    mine = organisations_where(current_actor())
    items = agenda_of([organisation.id for organisation in mine], _event_id())
    names = {organisation.id: organisation.name for organisation in mine}
    return render_template("schedules/my_agenda.html", items=items, names=names)


@blueprint.get("/mon-agenda.ics")
@requires(Permission.AGENDA_READ_OWN)
def my_calendar() -> Response:
    items = agenda_of(current_actor().organisations(), _event_id())
    host = urlsplit(current_app.extensions["settings"].public_url).hostname or "traitdunion"
    headers = {"Content-Disposition": "attachment; filename=mon-agenda.ics"}
    return Response(calendar_file(items, host=host), mimetype="text/calendar", headers=headers)
