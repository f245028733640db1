"""The note of choice: issued, shown, downloaded, and verified by anyone who holds its address."""

from flask import Response, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.doctrine import services
from app.doctrine.engine import load_note
from app.doctrine.exports import note_pdf
from app.doctrine.presenters import NoteView, note_view
from app.doctrine.queries import find_note_by_digest, get_note
from app.doctrine.views.blueprint import blueprint, need_for
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.post("/besoins/<int:need_id>/note-de-choix")
@requires(Permission.DOCTRINE_DECIDE)
def issue_note(need_id: int) -> AnyResponse:
    need = need_for(need_id, Permission.DOCTRINE_DECIDE)
    note = services.issue_note(current_actor(), need, issued_by=current_user.name)
    flash(_("La note de choix n° %(number)s est tirée.", number=note.number), "success")
    return redirect(url_for("doctrine.note", need_id=need_id, number=note.number))


@blueprint.get("/besoins/<int:need_id>/note-de-choix/<int:number>")
@requires(Permission.DOCTRINE_READ)
def note(need_id: int, number: int) -> str:
    need = need_for(need_id, Permission.DOCTRINE_READ)
    return render_template("doctrine/note.html", need=need, note=_view(need.id, number))


@blueprint.get("/besoins/<int:need_id>/note-de-choix/<int:number>.pdf")
@requires(Permission.DOCTRINE_READ)
def note_file(need_id: int, number: int) -> Response:
    need = need_for(need_id, Permission.DOCTRINE_READ)
    view = _view(need.id, number)
    address = url_for("doctrine.verify", digest=view.digest, _external=True)
    body = note_pdf(render_template("doctrine/note_print.html", note=view, address=address), view)
    headers = {"Content-Disposition": f"attachment; filename=note-de-choix-{need.slug}-{number}.pdf"}
    return Response(body, mimetype="application/pdf", headers=headers)


@blueprint.get("/notes/<digest>")
@requires(Permission.PAGE_READ)
def verify(digest: str) -> str:
    """Says that a note exists as it was issued: its date and its need, never what it says."""
    found = find_note_by_digest(digest)
    if found is None or load_note(found.content).digest() != digest:
        raise NotFound
    return render_template("doctrine/verify.html", content=load_note(found.content), note=found)


def _view(need_id: int, number: int) -> NoteView:
    found = get_note(need_id, number)
    return note_view(load_note(found.content), found.digest)
