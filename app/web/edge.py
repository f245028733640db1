"""One transaction per request, committed at the edge; security headers; language of the reader."""

from contextlib import suppress

from flask import Flask, Response, current_app, g, has_request_context, request, session
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core import db
from app.core.i18n import LANGUAGES
from app.web.flashes import remember_flashes

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    app.after_request(_secure)
    app.teardown_request(_forget)


def select_language() -> str:
    """Language chosen in this session, else the account's, else the browser's, else French: also that of
    commands and jobs, which have no request."""
    if not has_request_context():
        return "fr"
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if "_user_id" in session and current_user.is_authenticated:
        return str(current_user.language)
    return request.accept_languages.best_match(list(LANGUAGES)) or "fr"


def _begin() -> None:
    remember_flashes()
    g.writing = db.writing()
    if request.method not in SAFE_METHODS:
        g.writing.__enter__()


def _end(response: Response) -> Response:
    if response.status_code >= 400 or request.method in SAFE_METHODS:
        with suppress(SQLAlchemyError):  # nothing to take back where the database does not answer
            db.rollback()
        return response
    try:
        db.commit()
    except Exception as error:  # noqa: BLE001 - whatever refuses the commit, the answer must say so
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _forget(_error: BaseException | None) -> None:
    if request.method not in SAFE_METHODS and "writing" in g:
        g.pop("writing").__exit__(None, None, None)


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if current_session_is_personal():
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def current_session_is_personal() -> bool:
    return "_user_id" in session
