"""A change of the name or identifier of a checked organisation, accepted or returned."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.queries.identity import get_identity_change
from app.accounts.services.identity import accept_identity, return_identity
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.forms.subjects import IdentityForm
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/moderation/identites/<int:change_id>", methods=["GET", "POST"])
@requires(Permission.SUBJECT_MODERATE)
def identity(change_id: int) -> Response | tuple[str, int]:
    change = get_identity_change(current_actor(), change_id)
    form = IdentityForm()
    if form.validate_on_submit():
        try:
            if form.decision.data == "accept":
                accept_identity(current_actor(), change)
            else:
                return_identity(current_actor(), change, reason=form.reason.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La décision est enregistrée ; l’organisation en est prévenue."), "success")
            return redirect(url_for("moderation.subjects"))
    return form_page("moderation/identity.html", form=form, change=change)
