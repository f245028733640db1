"""Pages of moderators: what waits, decisions on claims, reference files, the audit log."""

from math import ceil
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.storage import Uploads
from app.moderation import forms
from app.moderation.enums import ClaimFilter, ImportKind
from app.moderation.exports import sample_csv
from app.moderation.forms import words
from app.moderation.queries import claims as claim_queries
from app.moderation.queries import journal as journal_queries
from app.moderation.queries.journal import IMPORT_ACTION, JournalFilter
from app.moderation.queries.registries import registry_matches
from app.moderation.services.claims import decide_claim, reopen_decision
from app.moderation.services.imports.report import ImportReport
from app.moderation.services.imports.run import run_import
from app.permissions import Permission
from app.reference.queries import criteria, legal_parameters_on, qualified_services
from app.web.access import current_actor, requires
from app.web.forms import BaseForm, attach_errors, form_page

if TYPE_CHECKING:
    from app.offers.models import Claim

blueprint = Blueprint("moderation", __name__)
PAGE_SIZE = 20
JOURNAL_PAGE_SIZE = 50
Page = str | AnyResponse | tuple[str, int]


@blueprint.context_processor
def _words() -> dict[str, object]:
    labels = {item.key: item.label for item in criteria()}
    return {"moderation_words": words, "criterion_labels": labels}


@blueprint.get("/moderation")
@requires(Permission.CLAIM_DECIDE)
def queue() -> str:
    return render_template(
        "moderation/queue.html",
        awaiting=claim_queries.list_claims(ClaimFilter.AWAITING, limit=10),
        expiring=claim_queries.list_claims(ClaimFilter.EXPIRING, limit=10),
        counts={keep.value: claim_queries.count_claims(keep) for keep in ClaimFilter},
        imports=journal_queries.list_entries(JournalFilter(action=IMPORT_ACTION), limit=5),
        entries=journal_queries.list_entries(JournalFilter(), limit=10),
        day=today(),
    )


@blueprint.get("/moderation/attestations")
@requires(Permission.CLAIM_DECIDE)
def claims() -> str:
    form = forms.ClaimFilterForm(request.args, meta={"csrf": False})
    form.offer_criteria((item.key, item.label) for item in criteria())
    keep = ClaimFilter(form.status.data) if form.status.data in set(ClaimFilter) else None
    criterion = form.criterion.data or ""
    total = claim_queries.count_claims(keep, criterion=criterion)
    page, pages, offset = _page(total, PAGE_SIZE)
    rows = claim_queries.list_claims(keep, criterion=criterion, limit=PAGE_SIZE, offset=offset)
    context = {"form": form, "claims": rows, "total": total, "page": page, "pages": pages, "day": today()}
    return render_template("moderation/claims.html", **context)


@blueprint.route("/moderation/attestations/<int:claim_id>", methods=["GET", "POST"])
@requires(Permission.CLAIM_DECIDE)
def claim(claim_id: int) -> Page:
    found = claim_queries.get_claim(current_actor(), claim_id)
    form = forms.DecideForm()
    if form.validate_on_submit():
        decide_claim(current_actor(), found, verdict=form.verdict.data, reason=form.reason.data or "")
        flash(_("La décision est enregistrée ; le fournisseur en est prévenu."), "success")
        return redirect(url_for("moderation.queue"))
    return _claim_page(found, form)


@blueprint.post("/moderation/attestations/<int:claim_id>/rouvrir")
@requires(Permission.CLAIM_DECIDE)
def reopen(claim_id: int) -> Page:
    found = claim_queries.get_claim(current_actor(), claim_id)
    form = forms.ReopenForm()
    if form.validate_on_submit():
        reopen_decision(current_actor(), found, reason=form.reason.data or "")
        flash(_("La décision est annulée : l’attestation attend de nouveau."), "success")
        return redirect(url_for("moderation.claim", claim_id=claim_id))
    return _claim_page(found, form)


@blueprint.route("/moderation/referentiels", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def references() -> Page:
    """A file sent here is only tried: its report comes back, with a button to go on."""
    form = forms.ImportForm()
    if form.validate_on_submit():
        kind, data, name = ImportKind(form.kind.data), form.file.data.read(), form.file.data.filename or ""
        try:
            report = run_import(current_actor(), kind, data, dry_run=True, file_name=name)
        except RuleBroken as error:
            attach_errors(form, error.fields)
        else:
            return _report_page(report, name, _keep(data, kind, name))
    return form_page("moderation/references.html", form=form, day=today(), **_registers())


@blueprint.post("/moderation/referentiels/importer")
@requires(Permission.IMPORT_RUN)
def confirm_import() -> Page:
    kept = session.pop("upload", None) or {}
    token = request.form.get("token", "")
    data = _uploads().find(token) if token and kept.get("token") == token else None
    if data is None:
        flash(_("Ce fichier n’est plus gardé : envoyez-le de nouveau."), "warning")
        return redirect(url_for("moderation.references"))
    kind, name = ImportKind(kept["kind"]), kept["name"]
    report = run_import(current_actor(), kind, data, dry_run=False, file_name=name)
    _uploads().forget(token)
    return _report_page(report, name, "")


@blueprint.get("/moderation/referentiels/modeles/<any(offers, needs):kind>.csv")
@requires(Permission.IMPORT_RUN)
def sample(kind: str) -> Response:
    body = sample_csv(ImportKind(kind), [item.key for item in criteria()])
    headers = {"Content-Disposition": f"attachment; filename=modele-{kind}.csv"}
    return Response(body, mimetype="text/csv", headers=headers)


@blueprint.get("/moderation/journal")
@requires(Permission.AUDIT_READ)
def journal() -> str:
    form = forms.JournalFilterForm(request.args, meta={"csrf": False})
    form.offer_known(journal_queries.recorded_actions(), journal_queries.recorded_object_types())
    keep = JournalFilter(form.action.data or "", form.object_type.data or "", form.person.data or "")
    total = journal_queries.count_entries(keep)
    page, pages, offset = _page(total, JOURNAL_PAGE_SIZE)
    lines = journal_queries.list_entries(keep, limit=JOURNAL_PAGE_SIZE, offset=offset)
    return render_template(
        "moderation/journal.html", form=form, lines=lines, total=total, page=page, pages=pages
    )


def _claim_page(found: "Claim", form: BaseForm) -> tuple[str, int]:
    """The form that was refused, else the one that fits the state of the claim."""
    if not form.errors:
        form = forms.form_for(found.status)
    history = journal_queries.entries_about("claim", found.id)
    context = {
        "claim": found,
        "decider": journal_queries.name_of(found.decided_by_id),
        "history": history,
        "matches": registry_matches(found),
        "day": today(),
    }
    return form_page("moderation/claim.html", form=form, **context)


def _page(total: int, size: int) -> tuple[int, int, int]:
    """(page asked for, number of pages, rows before it)."""
    pages = max(1, ceil(total / size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page, pages, (page - 1) * size


def _registers() -> dict[str, object]:
    return {"services": qualified_services(), "parameters": legal_parameters_on(today())}


def _uploads() -> Uploads:
    return Uploads(current_app.extensions["settings"].data_dir)


def _keep(data: bytes, kind: ImportKind, name: str) -> str:
    """Keep a tried file for the confirmation, known to this session only."""
    token = _uploads().keep(data)
    session["upload"] = {"token": token, "kind": kind.value, "name": name[:200]}
    return token


def _report_page(report: ImportReport, name: str, token: str) -> str:
    return render_template("moderation/import_report.html", report=report, name=name, token=token)
