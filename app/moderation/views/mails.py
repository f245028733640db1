"""Every message of the portal, and sending one again."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.i18n import gettext as _
from app.moderation.services.mails import resend_mail
from app.moderation.views.blueprint import blueprint
from app.outbox.presenters import mail_page
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/moderation/courriels")
@requires(Permission.MAIL_READ)
def mails() -> str:
    page = mail_page(request.args.get("etat", ""), request.args.get("avant", None, type=int))
    return render_template(
        "moderation/mails.html",
        page=page,
        page_url=partial(url_for, "moderation.mails"),
        resend_url=lambda mail_id: url_for("moderation.resend", mail_id=mail_id),
    )


@blueprint.post("/moderation/courriels/<int:mail_id>/renvoyer")
@requires(Permission.MAIL_READ)
def resend(mail_id: int) -> Response:
    resend_mail(current_actor(), mail_id)
    flash(_("Le message va repartir dans un instant."), "success")
    return redirect(url_for("moderation.mails"))
