"""Deciding on contests."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from app.claims.presenters import contest_pieces, evidence_rows
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import ContestVerdict
from app.moderation.forms.contests import ContestDecisionForm
from app.moderation.queries.contests import get_contest
from app.moderation.services.contests import decide_contest
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/moderation/contestations/<int:contest_id>", methods=["GET", "POST"])
@requires(Permission.CLAIM_DECIDE)
def contest(contest_id: int) -> str | Response | tuple[str, int]:
    contest, line = get_contest(current_actor(), contest_id)
    form = ContestDecisionForm()
    if form.validate_on_submit():
        given = form.values()
        verdict = ContestVerdict(given.pop("verdict"))
        try:
            done = decide_contest(current_actor(), line.claim, contest, verdict=verdict, **given)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            waits = _("Votre avis est noté : un second modérateur doit le confirmer.")
            flash(_("La décision est publiée, et les deux parties prévenues.") if done else waits, "success")
            return redirect(url_for("moderation.queue"))
    return form_page(
        "moderation/contest.html",
        form=form,
        contest=contest,
        claim=line.claim,
        offer=line.offer,
        value=line.value,
        against=contest_pieces(line.claim, contest),
        evidence=evidence_rows(line.claim, current_actor()),
    )
