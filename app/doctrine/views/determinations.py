"""The determination of sensitive data: the questionnaire, and what was signed before."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.doctrine import services
from app.doctrine.forms import DeterminationForm
from app.doctrine.presenters import determination_view
from app.doctrine.queries import determinations_of
from app.doctrine.views.blueprint import blueprint, need_for
from app.permissions import Permission, can
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/besoins/<int:need_id>/determination", methods=["GET", "POST"])
@requires(Permission.DOCTRINE_READ)
def determination(need_id: int) -> str | Response | tuple[str, int]:
    signing = request.method == "POST"
    need = need_for(need_id, Permission.DOCTRINE_DECIDE if signing else Permission.DOCTRINE_READ)
    form = DeterminationForm()
    if form.validate_on_submit():
        texts = {name: form[name].data or "" for name in ("reasons", "owner_name", "owner_function")}
        try:
            services.determine(
                current_actor(), need, form.answers(), derogation=form.derogation.data or "", **texts
            )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La détermination est signée : les critères du besoin la suivent."), "success")
            return redirect(url_for("doctrine.determination", need_id=need_id))
    return form_page(
        "doctrine/determination.html",
        form=form,
        need=need,
        signed=[determination_view(row, today()) for row in determinations_of(need.id)],
        editable=can(current_actor(), Permission.DOCTRINE_DECIDE, on=need),
    )
