"""A participant's own days: on a page, as a calendar file, and at an address calendar programs follow."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.queries import organisations_where
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.events.queries.events import get_event
from app.permissions import Actor, Permission
from app.schedules import services
from app.schedules.exports import calendar_file
from app.schedules.presenters.agendas import days_of, public_address
from app.schedules.queries.addresses import find_address
from app.schedules.queries.agendas import agenda_of
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires

CANCELLED_FOR = timedelta(days=60)
"""How long calendars hear that an engagement was cancelled."""


def _event_id() -> int | None:
    slug = request.args.get("evenement", "")
    return get_event(current_actor(), slug).id if slug else None


@blueprint.get("/mon-agenda")
@requires(Permission.AGENDA_READ_OWN)
def my_agenda() -> str:
    return _page()


@blueprint.get("/mon-agenda.ics")
@requires(Permission.AGENDA_READ_OWN)
def my_calendar() -> Response:
    answer = _calendar(current_actor(), _event_id())
    answer.headers["Content-Disposition"] = "attachment; filename=mon-agenda.ics"
    return answer


@blueprint.get("/agendas/<secret>.ics")
@requires(Permission.EVENT_READ)
def followed_calendar(secret: str) -> Response:
    """What a calendar program reads, without a session; any other secret does not exist."""
    reader = services.reader_of(secret)
    if reader is None:
        raise NotFound
    return _calendar(reader, None)


@blueprint.post("/mon-agenda/adresse")
@requires(Permission.AGENDA_READ_OWN)
def make_address() -> Response:
    """The new address, shown this once: the page says so."""
    secret = services.make_address(current_actor())
    address = public_address("schedules.followed_calendar", secret=secret)
    return Response(_page(address), headers={"Cache-Control": "no-store"})


@blueprint.post("/mon-agenda/adresse/revoquer")
@requires(Permission.AGENDA_READ_OWN)
def revoke_address() -> BaseResponse:
    services.revoke_address(current_actor())
    return redirect(url_for("schedules.my_agenda", _anchor="subscription"))


@blueprint.route(
    "/mon-agenda/rendez-vous/<int:meeting_id>/<int:delegation_id>/refuser", methods=["GET", "POST"]
)
@requires(Permission.MEETING_ANSWER)
def refuse_meeting(meeting_id: int, delegation_id: int) -> str | BaseResponse:
    if request.method == "GET":
        item = services.placement_to_refuse(current_actor(), meeting_id, delegation_id)
        return render_template("schedules/refuse_meeting.html", item=item, delegation_id=delegation_id)
    message = request.form.get("message", "")[:500]
    services.refuse_placed(current_actor(), meeting_id, delegation_id, message=message)
    flash(_("Le rendez-vous n’aura pas lieu. L’autre partie et l’organisation sont prévenues."), "success")
    return redirect(url_for("schedules.my_agenda"))


def _page(address: str = "") -> str:
    mine = organisations_where(current_actor())
    return render_template(
        "schedules/my_agenda.html",
        items=agenda_of([organisation.id for organisation in mine], _event_id()),
        names={organisation.id: organisation.name for organisation in mine},
        address=address,
        known=find_address(current_actor()),
        days_of=days_of,
        moment=now(),
    )


def _calendar(reader: Actor, event_id: int | None) -> Response:
    items = agenda_of(reader.organisations(), event_id, cancelled_since=now() - CANCELLED_FOR)
    host = urlsplit(current_app.extensions["settings"].public_url).hostname or "traitdunion"
    return Response(
        calendar_file(items, host=host),
        mimetype="text/calendar",
        headers={"Cache-Control": "private, no-store"},
    )
