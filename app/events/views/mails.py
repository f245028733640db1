"""What the portal wrote to the people of an event, and sending it again."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.i18n import gettext as _
from app.events.queries.events import get_event_to_run
from app.events.services.mails import resend_event_mail
from app.events.views.blueprint import blueprint
from app.outbox.presenters import mail_page
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/organisation-evenements/<slug>/envois")
@requires(Permission.EVENT_MANAGE)
def mails(slug: str) -> str:
    event = get_event_to_run(current_actor(), slug)
    before = request.args.get("avant", None, type=int)
    return render_template(
        "events/mails.html",
        event=event,
        page=mail_page(request.args.get("etat", ""), before, event_id=event.id),
        page_url=partial(url_for, "events.mails", slug=slug),
        resend_url=lambda mail_id: url_for("events.resend", slug=slug, mail_id=mail_id),
    )


@blueprint.post("/organisation-evenements/<slug>/envois/<int:mail_id>/renvoyer")
@requires(Permission.EVENT_MANAGE)
def resend(slug: str, mail_id: int) -> Response:
    event = get_event_to_run(current_actor(), slug)
    resend_event_mail(current_actor(), event, mail_id)
    flash(_("Le message va repartir dans un instant."), "success")
    return redirect(url_for("events.mails", slug=slug))
