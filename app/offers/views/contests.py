"""Contesting a claim, and the vendor's reply."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.claims import services
from app.claims.forms import ContestAnswerForm, ContestForm
from app.claims.presenters import contest_pieces
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.offers.queries.evidence import (
    get_claim_to_contest,
    get_contest_to_answer,
    page_of_claim,
    subject_of_claim,
)
from app.offers.views.claims import list_of
from app.offers.views.documents import document_of
from app.offers.views.routes import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page
from app.web.requests import takes_documents

Answer = str | Response | tuple[str, int]


@blueprint.route("/attestations/<int:claim_id>/contester", methods=["GET", "POST"])
@requires(Permission.CLAIM_CONTEST)
@takes_documents
def contest_claim(claim_id: int) -> Answer:
    claim, form = get_claim_to_contest(current_actor(), claim_id), ContestForm()
    del form.visibility
    if request.method == "POST" and form.validate():
        try:
            with document_of(form) as received:
                services.contest_claim(
                    current_actor(),
                    claim,
                    reason=form.reason.data or "",
                    received=received,
                    url=form.evidence_url.data or "",
                    title=form.evidence_title.data or "",
                )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Votre contestation est transmise à la modération et au fournisseur."), "success")
            endpoint, slug = page_of_claim(claim)
            return redirect(url_for(endpoint, slug=slug))
    endpoint, slug = page_of_claim(claim)
    back, subject = url_for(endpoint, slug=slug), subject_of_claim(claim)
    return form_page("claims/contest.html", form=form, claim=claim, back=back, subject=subject)


@blueprint.route("/contestations/<int:contest_id>/repondre", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
def answer_contest(contest_id: int) -> Answer:
    claim, contest = get_contest_to_answer(current_actor(), contest_id)
    form, back = ContestAnswerForm(answer=contest.answer), list_of(claim)
    if form.validate_on_submit():
        try:
            services.answer_contest(current_actor(), claim, contest, answer=form.answer.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Votre réponse est transmise à la modération."), "success")
            return redirect(back)
    pieces = contest_pieces(claim, contest)
    page = "claims/answer_contest.html"
    return form_page(page, form=form, claim=claim, contest=contest, pieces=pieces, back=back)
