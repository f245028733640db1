"""Published corrections: read by a moderator, who may say that one is a substantive change."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.content.enums import Nature
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.moderation.forms.subjects import CorrectionForm
from app.moderation.queries.corrections import get_correction
from app.moderation.services.corrections import rule_on_correction
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/moderation/corrections/<int:offer_id>/<int:number>", methods=["GET", "POST"])
@requires(Permission.CLAIM_DECIDE)
def correction(offer_id: int, number: int) -> Response | tuple[str, int]:
    found = get_correction(current_actor(), offer_id, number)
    form = CorrectionForm()
    if form.validate_on_submit():
        nature = Nature(form.nature.data)
        try:
            confirmed = rule_on_correction(
                current_actor(), found.offer, number, nature, reason=form.reason.data or ""
            )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_told(nature, confirmed), "success")
            return redirect(url_for("moderation.subjects"))
    return form_page("moderation/correction.html", form=form, found=found)


def _told(nature: Nature, confirmed: int) -> str:
    if nature is Nature.CORRECTION:
        return _("La correction est gardée comme telle.")
    return ngettext(
        "La décision est enregistrée : %(num)d attestation est à confirmer.",
        "La décision est enregistrée : %(num)d attestations sont à confirmer.",
        confirmed,
    )
