"""Domain errors become answers here: a French page, or problem+json (RFC 9457) where JSON was asked for."""

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.db import rollback
from app.core.errors import Conflict, DomainError, Forbidden, InvalidTransition, NotFound, RuleBroken, TooMany

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    InvalidTransition: 409,
    Conflict: 409,
    RuleBroken: 422,
    TooMany: 429,
}
PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503}


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", "application/problem+json"])
    return request.is_json or (best not in {None, "text/html"} and not accepted.accept_html)


def answer(
    status: int, message: str = "", fields: dict[str, str] | None = None
) -> tuple[str | Response, int]:
    rollback()
    if wants_json():
        body = {"type": "about:blank", "status": status, "title": message, "errors": fields or {}}
        response = jsonify(body)
        response.content_type = "application/problem+json"
        return response, status
    page = status if status in PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{page}.html", message=message), status


def _domain_error(error: DomainError) -> tuple[str | Response, int]:
    fields = error.fields if isinstance(error, RuleBroken) else None
    return answer(STATUS.get(type(error), 400), error.message, fields)


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
