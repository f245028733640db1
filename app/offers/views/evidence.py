"""The evidence of a claim: its vendor adds, replaces, removes; whoever may reads."""

import io
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.claims import services
from app.claims.enums import Visibility
from app.claims.forms import EvidenceForm
from app.claims.presenters import evidence_rows
from app.claims.queries import get_claim_to_edit
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.offers.queries.evidence import get_evidence_to_edit, get_evidence_to_read
from app.offers.views.claims import list_of
from app.offers.views.documents import document_of
from app.offers.views.routes import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page
from app.web.requests import takes_documents

Answer = str | AnyResponse | tuple[str, int]
SANDBOX = "sandbox; default-src 'none'"


@blueprint.get("/preuves/<int:evidence_id>")
@requires(Permission.CATALOGUE_READ)
def evidence_file(evidence_id: int) -> AnyResponse:
    """As a download, never as a page: what is in it runs nowhere."""
    piece = get_evidence_to_read(current_actor(), evidence_id)
    if piece.url:
        return redirect(piece.url)
    path = services.kept_files().path_of(piece.sha256 or "")
    if piece.media_type is None or not path.is_file():
        raise NotFound(_("Ce document n’est plus conservé."))
    name = services.safe_name(piece.title, piece.media_type)
    content = io.BytesIO(path.read_bytes())  # closed with the answer, whatever the server does of it
    kind = piece.media_type.value
    answer: Response = send_file(content, mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/attestations/<int:claim_id>/preuves", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
@takes_documents
def evidence(claim_id: int) -> Answer:
    claim = get_claim_to_edit(current_actor(), claim_id)
    form, here = EvidenceForm(), url_for("offers.evidence", claim_id=claim_id)
    if form.validate_on_submit():
        try:
            with document_of(form) as received:
                services.add_evidence(current_actor(), claim, received=received, **_given(form))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La preuve est jointe à l’attestation."), "success")
            return redirect(here)
    return form_page(
        "claims/evidence.html",
        form=form,
        claim=claim,
        pieces=evidence_rows(claim, current_actor()),
        past=evidence_rows(claim, current_actor(), history=True),
        back=list_of(claim),
    )


@blueprint.route("/attestations/<int:claim_id>/preuves/<int:evidence_id>/remplacer", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
@takes_documents
def replace_evidence(claim_id: int, evidence_id: int) -> Answer:
    claim, piece = get_evidence_to_edit(current_actor(), claim_id, evidence_id)
    form = EvidenceForm(visibility=piece.visibility.value)
    back = url_for("offers.evidence", claim_id=claim_id)
    if form.validate_on_submit():
        try:
            with document_of(form) as received:
                services.replace_evidence(current_actor(), claim, piece, received=received, **_given(form))
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La preuve est remplacée ; la précédente reste dans l’historique."), "success")
            return redirect(back)
    return form_page("claims/replace_evidence.html", form=form, claim=claim, piece=piece, back=back)


@blueprint.route("/attestations/<int:claim_id>/preuves/<int:evidence_id>/retirer", methods=["GET", "POST"])
@requires(Permission.CLAIM_CREATE)
def remove_evidence(claim_id: int, evidence_id: int) -> Answer:
    claim, piece = get_evidence_to_edit(current_actor(), claim_id, evidence_id)
    back = url_for("offers.evidence", claim_id=claim_id)
    if request.method == "GET":
        return render_template("claims/remove_evidence.html", claim=claim, piece=piece, back=back)
    services.remove_evidence(current_actor(), claim, piece)
    flash(_("La preuve est retirée ; elle reste dans l’historique."), "success")
    return redirect(back)


@blueprint.post("/attestations/<int:claim_id>/preuves/<int:evidence_id>/visibilite")
@requires(Permission.CLAIM_CREATE)
def show_evidence_to(claim_id: int, evidence_id: int) -> Answer:
    claim, piece = get_evidence_to_edit(current_actor(), claim_id, evidence_id)
    wanted = request.form.get("visibility", "")
    if wanted not in set(Visibility):
        raise RuleBroken(_("Choisissez qui peut ouvrir cette preuve."))
    services.show_evidence_to(current_actor(), claim, piece, Visibility(wanted))
    flash(_("C’est noté : %(who)s.", who=Visibility(wanted).label), "success")
    return redirect(url_for("offers.evidence", claim_id=claim_id))


def _given(form: EvidenceForm) -> dict[str, Any]:
    given = form.given()
    return {"url": given["evidence_url"], "title": given["evidence_title"], "visibility": given["visibility"]}
