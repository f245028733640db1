"""Home, dashboard of each role, language, static information, health."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.accounts.queries import find_user
from app.accounts.services import choose_language
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.pages.enums import Audience, Level
from app.pages.presenters import Notice, as_data, health_lines, notices
from app.pages.queries import dashboard_of, home_figures
from app.pages.services.health import Health, look
from app.pages.services.watch import Watch
from app.permissions import Permission, may_somewhere
from app.reference.queries import objectives
from app.web.access import current_actor, requires
from app.web.edge import current_session_is_personal
from app.web.extensions import csrf
from app.web.requests import local_target

blueprint = Blueprint("pages", __name__)
SEARCHING = {"pages", "catalogue", "offers", "needs", "matchmaking"}
# A token on every page would give every visitor a session, and no public page could be kept.
csrf.exempt("app.pages.views.set_language")


@blueprint.get("/")
@requires(Permission.PAGE_READ)
def home() -> str:
    return render_template("pages/home.html", figures=home_figures())


@blueprint.get("/tableau-de-bord")
@requires(Permission.ACCOUNT_MANAGE_OWN)
def dashboard() -> str:
    return render_template("pages/dashboard.html", board=dashboard_of(current_actor()))


@blueprint.post("/langue")
@requires(Permission.PAGE_READ)
def set_language() -> Response:
    language = request.form.get("language", "fr")
    if language in LANGUAGES:
        session["language"] = language
        user = find_user(current_actor().user_id or 0)
        if user is not None:
            choose_language(user, language)
    return redirect(local_target(request.form.get("next", "")) or url_for("pages.home"))


@blueprint.get("/doctrine")
@requires(Permission.PAGE_READ)
def doctrine() -> str:
    return render_template("pages/doctrine.html", objectives=objectives())


@blueprint.get("/accessibilite")
@requires(Permission.PAGE_READ)
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.get("/mentions-legales")
@requires(Permission.PAGE_READ)
def legal_notice() -> str:
    return render_template("pages/legal_notice.html")


@blueprint.get("/sante")
@requires(Permission.PAGE_READ)
def health() -> tuple[Response | str, int]:
    """What works and what does not, as a page or as data for whoever watches: 503 only when nothing does."""
    found: Health = current_app.extensions["watch"].look()
    status = 503 if found.level is Level.DOWN else 200
    if not request.accept_mimetypes.accept_html or request.accept_mimetypes.best == "*/*":
        return jsonify(as_data(found)), status
    told = _("Tout marche.") if found.level is Level.OK else _("Une partie du portail ne répond pas.")
    troubles = notices(found, tuple(Audience))
    page = render_template("pages/health.html", told=told, troubles=troubles, lines=health_lines(found))
    return page, status


@blueprint.record_once
def _watch(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    settings = app.extensions["settings"]
    app.extensions["watch"] = Watch(lambda: look(settings), app.app_context)


@blueprint.app_context_processor
def _notices() -> dict[str, Callable[[], list[Notice]]]:
    return {"notices": _told}


def _told() -> list[Notice]:
    """From the last look, for this reader on this page."""
    watch: Watch = current_app.extensions["watch"]
    seen = watch.latest if current_app.testing else watch.glance()
    if seen is None or seen.level is Level.OK:
        return []
    return notices(seen, _audiences())


def _audiences() -> set[Audience]:
    found = set()
    if request.blueprint in SEARCHING:
        found.add(Audience.SEARCHERS)
    if current_session_is_personal() and current_actor().user_id is not None:
        found |= {Audience.SEARCHERS, Audience.MEMBERS}
        if may_somewhere(current_actor(), Permission.MAIL_READ):
            found.add(Audience.MODERATORS)
    return found
