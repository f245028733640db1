"""Reference files: tried first, then imported; what the portal holds of them."""

from flask import Response, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.storage import Uploads
from app.moderation import forms
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.services.imports.report import ImportReport
from app.moderation.services.imports.run import run_import
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference.queries import active_criteria, legal_parameters_on, qualified_services
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page

Page = str | AnyResponse | tuple[str, int]


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
    body = sample_csv(ImportKind(kind), [item.key for item in active_criteria()])
    headers = {"Content-Disposition": f"attachment; filename=modele-{kind}.csv"}
    return Response(body, mimetype="text/csv", headers=headers)


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
