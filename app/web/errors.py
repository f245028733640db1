"""Domain errors become answers here: a French page, or problem+json (RFC 9457) where JSON was asked for."""

import sqlite3
from contextlib import suppress

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.core.db import rollback
from app.core.db_faults import is_full, no_room, refusal_of
from app.core.errors import (
    Busy,
    Conflict,
    DomainError,
    Forbidden,
    InvalidTransition,
    NotFound,
    RuleBroken,
    TooMany,
    Unavailable,
)
from app.core.i18n import gettext as _
from app.web.extensions import login
from app.web.flashes import forget_new_flashes

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    InvalidTransition: 409,
    Conflict: 409,
    RuleBroken: 422,
    TooMany: 429,
    Busy: 503,
    Unavailable: 503,
}
RETRY_S = 5
PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503}


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(SQLAlchemyError, _database_error)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(OSError, _file_error)
    app.register_error_handler(sqlite3.Error, _file_error)  # a copy of the database, for a trial
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", "application/problem+json"])
    return request.is_json or (best not in {None, "text/html"} and not accepted.accept_html)


def answer(
    status: int, message: str = "", fields: dict[str, str] | None = None, **context: object
) -> tuple[str | Response, int]:
    with suppress(SQLAlchemyError):
        rollback()
    forget_new_flashes()
    if wants_json():
        body = {"type": "about:blank", "status": status, "title": message, "errors": fields or {}}
        response = jsonify(body)
        response.content_type = "application/problem+json"
        return response, status
    page = status if status in PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{page}.html", message=message, **context), status


def _domain_error(error: DomainError) -> tuple[str | Response, int]:
    fields = error.fields if isinstance(error, RuleBroken) else None
    return answer(STATUS.get(type(error), 400), error.message, fields)


def _database_error(error: SQLAlchemyError) -> tuple[str | Response, int] | Response:
    refusal = refusal_of(error)
    if refusal is None:
        return _crash(error)
    if isinstance(refusal, Busy):
        current_app.logger.warning("database busy on %s: %s", request.path, error)
        return _busy(refusal.message)
    current_app.logger.warning("refused by the database on %s: %s", request.path, error)
    return _domain_error(refusal)


def _file_error(error: OSError | sqlite3.Error) -> tuple[str | Response, int] | Response:
    if not is_full(error):
        return _crash(error)
    current_app.logger.warning("no room left on %s: %s", request.url_rule, error)
    return _busy(no_room())


def _busy(message: str = "") -> Response:
    """A page that needs no database: nobody is looked up, and it tries again by itself."""
    g._login_user = login.anonymous_user()  # how Flask-Login is told not to look up
    body, status = answer(503, message, retry_s=RETRY_S if request.method == "GET" else 0, again=_posted())
    response = make_response(body, status)
    response.headers["Retry-After"] = str(RETRY_S)
    return response


def _posted() -> list[tuple[str, str]] | None:
    """What was typed, to be sent again as it was; None for a page only read, or one that holds a secret."""
    if request.method == "GET" or request.files or any("password" in name for name in request.form):
        return None
    return list(request.form.items(multi=True))


def _too_large(_error: OverflowError) -> tuple[str | Response, int]:
    return answer(422, _("Un nombre est trop grand."))


def _csrf_error(error: CSRFError) -> tuple[str | Response, int]:
    return answer(400)


def _http_error(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return answer(error.code)


def _crash(error: Exception) -> tuple[str | Response, int]:
    if current_app.testing:
        raise error
    # The rule, not the path: some paths carry a secret.
    current_app.logger.exception("unexpected error on %s", request.url_rule)
    return answer(500)


def wants_fragment() -> bool:
    """True when htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"
