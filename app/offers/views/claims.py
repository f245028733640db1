"""What a vendor attests: of an offer, or of the company itself."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation
from app.claims import services
from app.claims.forms import AnswerForm, ClaimForm, attribute_form, claim_form
from app.claims.presenters import claim_rows
from app.claims.queries import claims_about_organisation, get_claim_to_edit, subject_of_organisation
from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.offers.queries import claims_about, get_offer_to_edit, subject_of
from app.offers.views.documents import document_of
from app.offers.views.routes import blueprint
from app.permissions import Permission, require_visible
from app.reference.enums import CriterionSubject
from app.reference.queries import claimable_attributes
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page
from app.web.requests import takes_documents

Answer = str | Response | tuple[str, int]


@blueprint.route("/mes-offres/<int:offer_id>/attestations", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
@takes_documents
def claims(offer_id: int) -> Answer:
    offer = get_offer_to_edit(current_actor(), offer_id)
    asked = claimable_attributes()
    form = _form(asked)
    if form and form.validate_on_submit() and _declared(form, subject_of(offer)):
        return redirect(url_for("offers.claims", offer_id=offer_id))
    return _page(form, asked, claims_about(offer), offer=offer, organisation=offer.organisation)


@blueprint.route("/entreprise/<int:organisation_id>/attestations", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
@takes_documents
def company_claims(organisation_id: int) -> Answer:
    organisation = get_organisation(organisation_id)
    require_visible(current_actor(), Permission.CLAIM_CREATE, on=organisation)
    asked = [row for row in claimable_attributes() if row.subject is CriterionSubject.ORGANISATION]
    form = _form(asked)
    if form and form.validate_on_submit() and _declared(form, subject_of_organisation(organisation)):
        return redirect(url_for("offers.company_claims", organisation_id=organisation_id))
    return _page(form, asked, claims_about_organisation(organisation), offer=None, organisation=organisation)


@blueprint.post("/attestations/<int:claim_id>/verification")
@requires(Permission.CLAIM_CREATE)
def request_verification(claim_id: int) -> Response:
    claim = get_claim_to_edit(current_actor(), claim_id)
    services.request_verification(current_actor(), claim)
    flash(_("La vérification est demandée : un modérateur va examiner la preuve."), "success")
    return redirect(list_of(claim))


@blueprint.route("/attestations/<int:claim_id>/retirer", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
def withdraw_claim(claim_id: int) -> Answer:
    claim = get_claim_to_edit(current_actor(), claim_id)
    back = list_of(claim)
    if request.method == "GET":
        return render_template("claims/withdraw.html", claim=claim, back=back)
    services.withdraw_claim(current_actor(), claim)
    flash(_("L’attestation est retirée."), "success")
    return redirect(back)


@blueprint.route("/attestations/<int:claim_id>/repondre", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
@takes_documents
def answer_claim(claim_id: int) -> Answer:
    claim = get_claim_to_edit(current_actor(), claim_id)
    form, back = AnswerForm(), list_of(claim)
    if form.validate_on_submit():
        try:
            with document_of(form) as evidence:
                services.answer_finding(current_actor(), claim, evidence=evidence, **form.given())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Votre réponse est publiée, et un modérateur va la lire."), "success")
            return redirect(back)
    return form_page("claims/answer.html", form=form, claim=claim, back=back)


def _form(asked: Sequence[Any]) -> ClaimForm | None:
    """The form of the attribute chosen; None while none is, or an unknown one."""
    chosen = request.form.get("attribute_key") or request.args.get("attribut", "")
    attribute = next((row for row in asked if row.key == chosen), None)
    return claim_form(attribute) if attribute is not None else None


def _declared(form: ClaimForm, subject: Any) -> bool:
    """True once declared; else the refusal stands beside its field."""
    try:
        with document_of(form) as evidence:
            services.declare_claim(current_actor(), subject, evidence=evidence, **form.answers())
    except RuleBroken as error:
        attach_errors(form, error.fields, error.message)
        return False
    flash(_("L’attestation est enregistrée."), "success")
    return True


def _page(
    form: ClaimForm | None, asked: Sequence[Any], listed: Sequence[Any], **context: Any
) -> tuple[str, int]:
    choice = attribute_form(asked, (form.attribute_key.data or "") if form else "")
    if request.method == "POST" and form is None:
        attach_errors(choice, {"attribut": _("Choisissez un critère dans la liste.")})
    rows = claim_rows(listed, today(), current_actor())
    shown = form or choice
    return form_page("claims/claims.html", form=shown, answer=form, choice=choice, claims=rows, **context)


def list_of(claim: Any) -> str:
    if claim.offer_id is not None:
        return url_for("offers.claims", offer_id=claim.offer_id)
    return url_for("offers.company_claims", organisation_id=claim.organisation_id)
