"""What the drafts kept by the browser (static/js/drafts.js) must know: whose they are, which were accepted.

A draft is forgotten only once its form has been accepted, never because it was sent."""

from flask import Flask, Response, g, request, session

from app.web.access import current_actor
from app.web.edge import current_session_is_personal

KEY = "draft_key"
_SESSION = "sent_drafts"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["draft_account"] = draft_account
    app.jinja_env.globals["sent_drafts"] = sent_drafts
    app.after_request(_note)


def draft_account() -> str:
    """Whose drafts a page may read and write; "" for a visitor, of whom nothing is kept."""
    return str(current_actor().user_id or "") if current_session_is_personal() else ""


def sent_drafts() -> str:
    """Keys of the drafts accepted since the last page."""
    return " ".join(session.pop(_SESSION, [])) if _SESSION in session else ""


def _note(response: Response) -> Response:
    accepted = request.method == "POST" and response.status_code < 400 and "turned_away" not in g
    key = request.form.get(KEY, "") if accepted else ""
    if key:
        session[_SESSION] = [*session.get(_SESSION, []), key[:120]][-20:]
    return response
