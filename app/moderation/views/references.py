"""Reference files: tried first, then imported; what the portal holds of them."""

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.jobs.health import is_worked
from app.core.jobs.progress import counted
from app.moderation import forms
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.queries.imports import get_import
from app.moderation.services.imports import background
from app.moderation.services.imports.background import try_import
from app.moderation.services.imports.report import ImportReport
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference.queries import (
    active_criteria,
    claimable_attributes,
    legal_parameters_on,
    qualified_services,
)
from app.web.access import current_actor, requires
from app.web.errors import wants_fragment
from app.web.forms import attach_errors, form_page

Page = str | AnyResponse | tuple[str, int]


@blueprint.route("/moderation/referentiels", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def references() -> Page:
    """A file sent here is only tried: its report comes next, with a button to go on."""
    form = forms.ImportForm()
    if form.validate_on_submit():
        kind, data, name = ImportKind(form.kind.data), form.file.data.read(), form.file.data.filename or ""
        try:
            run = try_import(current_actor(), kind, data, name)
        except RuleBroken as error:
            attach_errors(form, error.fields)
        else:
            return redirect(url_for("moderation.import_run", run_id=run.id))
    return form_page("moderation/references.html", form=form, day=today(), **_registers())


@blueprint.get("/moderation/referentiels/imports/<int:run_id>")
@requires(Permission.IMPORT_RUN)
def import_run(run_id: int) -> str:
    """How far an import is, then its report."""
    run = get_import(current_actor(), run_id)
    if not run.report:
        part = "moderation/import_progress.html" if wants_fragment() else "moderation/import_run.html"
        return render_template(part, run=run, progress=counted(run.job.progress), is_worked=is_worked())
    report = ImportReport.from_dict(run.report)
    page = "moderation/import_done.html" if wants_fragment() else "moderation/import_report.html"
    return render_template(page, run=run, report=report, name=run.file_name)


@blueprint.post("/moderation/referentiels/imports/<int:run_id>/importer")
@requires(Permission.IMPORT_RUN)
def confirm_import(run_id: int) -> AnyResponse:
    run = background.confirm_import(current_actor(), get_import(current_actor(), run_id))
    return redirect(url_for("moderation.import_run", run_id=run.id))


@blueprint.post("/moderation/referentiels/imports/<int:run_id>/arreter")
@requires(Permission.IMPORT_RUN)
def stop_import(run_id: int) -> AnyResponse:
    background.stop_import(current_actor(), get_import(current_actor(), run_id))
    return redirect(url_for("moderation.import_run", run_id=run_id))


@blueprint.get("/moderation/referentiels/modeles/<any(offers, needs):kind>.csv")
@requires(Permission.IMPORT_RUN)
def sample(kind: str) -> Response:
    body = sample_csv(
        ImportKind(kind),
        criteria=[item.key for item in active_criteria()],
        attributes=claimable_attributes(),
    )
    headers = {"Content-Disposition": f"attachment; filename=modele-{kind}.csv"}
    return Response(body, mimetype="text/csv", headers=headers)


def _registers() -> dict[str, object]:
    return {"services": qualified_services(), "parameters": legal_parameters_on(today())}
