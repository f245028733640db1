"""Home, dashboard of each role, language, static information, health."""

from dataclasses import asdict

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import find_user
from app.accounts.services import choose_language
from app.core.i18n import LANGUAGES
from app.core.jobs.health import work_health
from app.outbox.queries import mail_health
from app.pages.queries import dashboard_of, home_figures, is_database_up
from app.permissions import Permission
from app.reference.queries import objectives
from app.web.access import current_actor, requires
from app.web.extensions import csrf
from app.web.requests import local_target

blueprint = Blueprint("pages", __name__)
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
def health() -> tuple[Response, int]:
    """What works and what does not, for whoever watches the portal: 503 only when nothing does."""
    if not is_database_up():
        return jsonify({"status": "database unreachable"}), 503
    work, mail = work_health(), mail_health()
    reduced = work.is_stuck or not work.workers or mail.failed > 0 or mail.unsure > 0
    told = {"status": "reduced" if reduced else "ok", "jobs": asdict(work), "mail": asdict(mail)}
    return jsonify(told), 200
