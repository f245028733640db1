"""Access to endpoints: each declares what it requires, the rest is refused.

`@requires(Permission.X)` goes under the route decorator. `refuse_undeclared` stops the app at start-up."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import NotFound
from app.permissions import GRANTS, VISITOR, Actor, Everyone, Permission, may_somewhere
from app.web.extensions import login

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "required_permission"


class UndeclaredEndpointError(RuntimeError):
    """An endpoint says nothing of who may reach it; the app refuses to start."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission an endpoint needs; object-level checks stay in the services."""

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return mark


def current_actor() -> Actor:
    """The actor of this request, a visitor when nobody is signed in."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else VISITOR
    return cast(Actor, g.actor)


def declared_permission(app: Flask, endpoint: str) -> Permission | None:
    if endpoint == "static":
        return Permission.PAGE_READ
    return getattr(app.view_functions[endpoint], _ATTRIBUTE, None)


def refuse_undeclared(app: Flask) -> None:
    """Raise UndeclaredEndpointError naming every endpoint without `@requires`."""
    undeclared = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if declared_permission(app, rule.endpoint) is None
    )
    if undeclared:
        raise UndeclaredEndpointError(f"Add @requires(Permission...) to: {', '.join(undeclared)}")


def enforce() -> Response | None:
    """Before each request: let through, send to sign-in, or answer as if the page did not exist."""
    if request.endpoint is None:
        return None
    permission = declared_permission(current_app, request.endpoint)
    if permission is not None and Everyone.PUBLIC in GRANTS[permission]:
        return None  # no look-up of the person: a cached public page costs no query
    actor = current_actor()
    if permission is not None and may_somewhere(actor, permission):
        return None
    if actor.user_id is None:
        return cast(Response, login.unauthorized())
    raise NotFound
