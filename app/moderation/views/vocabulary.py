"""Buyers' words: how the search reads acronyms, English words and products' names."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.forms.vocabulary import KINDS, term_form
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference import services
from app.reference.queries import buyer_functions, buyer_terms
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/moderation/referentiels/vocabulaire", methods=["GET", "POST"])
@requires(Permission.CRITERION_EDIT)
def vocabulary() -> str | Response | tuple[str, int]:
    form = term_form((row.key, row.label) for row in buyer_functions() if row.parent_key)
    if form.validate_on_submit():
        try:
            added = services.add_term(current_actor(), **form.answers())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("« %(term)s » est lu dès la prochaine recherche.", term=added.term), "success")
            return redirect(url_for("moderation.vocabulary"))
    return form_page("moderation/vocabulary.html", form=form, terms=buyer_terms(), kinds=KINDS)


@blueprint.post("/moderation/referentiels/vocabulaire/<int:term_id>/retirer")
@requires(Permission.CRITERION_EDIT)
def retire_term(term_id: int) -> Response:
    row = services.retire_term(current_actor(), term_id)
    flash(_("« %(term)s » n’est plus lu autrement ; ajoutez-le pour y revenir.", term=row.term), "success")
    return redirect(url_for("moderation.vocabulary"))
