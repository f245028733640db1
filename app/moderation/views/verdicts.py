"""What ambassadors' verdicts say of the matching, and their export."""

import io
import zipfile

from flask import Response, render_template

from app.matchmaking.engine.measures import FEW_QUERIES
from app.matchmaking.services.verdict_export import verdict_figures, verdict_files
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/moderation/avis")
@requires(Permission.VERDICT_EXPORT)
def verdicts() -> str:
    return render_template(
        "moderation/verdicts.html", figures=verdict_figures(current_actor()), few=FEW_QUERIES
    )


@blueprint.get("/moderation/avis.zip")
@requires(Permission.VERDICT_EXPORT)
def verdicts_zip() -> Response:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in verdict_files(current_actor()).items():
            archive.writestr(f"avis/{name}", content)
    headers = {"Content-Disposition": "attachment; filename=avis.zip", "Cache-Control": "no-store"}
    return Response(target.getvalue(), mimetype="application/zip", headers=headers)
