"""A buyer's weights over the nine objectives, for one need."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.core.db import on_commit
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.jobs import enqueue_once
from app.matchmaking.engine.weighing import MOST_ADDED
from app.matchmaking.forms.weights import PREFIX, weights_form
from app.matchmaking.presenters.words import source_label
from app.matchmaking.queries.objectives import evidence_rules, weights_of
from app.matchmaking.services import proposals as runs
from app.matchmaking.services.objectives import set_weights
from app.matchmaking.views.blueprint import blueprint, need_for
from app.needs.enums import NeedStatus
from app.permissions import Permission
from app.reference.queries import criteria, objectives
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/besoins/<int:need_id>/priorites", methods=["GET", "POST"])
@requires(Permission.NEED_WEIGH)
def weights(need_id: int) -> str | Response | tuple[str, int]:
    need = need_for(need_id, Permission.NEED_WEIGH)
    if need.status is NeedStatus.CLOSED:
        return render_template("matchmaking/weights_closed.html", need=need)
    nine = objectives()
    form = weights_form(nine, weights_of(need.id))
    if form.validate_on_submit():
        try:
            changed = set_weights(current_actor(), need, form.weights())
            if changed:
                enqueue_once("refresh_runs")
                on_commit(partial(runs.refresh_run, need_id))
        except RuleBroken as error:
            attach_errors(form, {PREFIX + key: text for key, text in error.fields.items()}, error.message)
        else:
            flash(_said(changed, any(form.weights().values())), "success")
            return redirect(url_for("matchmaking.proposals", need_id=need_id))
    known = {criterion.key: criterion for criterion in criteria()}
    rules = [(rule, source_label(rule.source, known)) for rule in evidence_rules()]
    return form_page(
        "matchmaking/weights.html",
        form=form,
        need=need,
        objectives=nine,
        rules=rules,
        most_added=MOST_ADDED,
    )


def _said(changed: bool, any_weight: bool) -> str:
    if not changed:
        return _("Vos priorités étaient déjà celles-là : rien n’a changé.")
    if any_weight:
        return _("Vos priorités sont enregistrées : les solutions éligibles sont reclassées.")
    return _("Plus aucune priorité : les solutions sont classées sans pondération.")
