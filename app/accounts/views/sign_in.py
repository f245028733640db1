"""Signing in and out."""

from typing import TYPE_CHECKING

from flask import flash, redirect, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.forms import SignInForm
from app.accounts.queries.sessions import find_session
from app.accounts.views.blueprint import Answer, blueprint, current_token, sign_in_as
from app.core.db import unit_of_work
from app.core.errors import TooMany
from app.core.i18n import gettext as _
from app.permissions import Permission
from app.web.access import requires
from app.web.extensions import limiter
from app.web.forms import attach_errors, form_page
from app.web.requests import local_target

if TYPE_CHECKING:
    from app.accounts.models import User


@blueprint.route("/connexion", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("60 per minute", methods=["POST"])
def sign_in() -> Answer:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            user = _authenticated(form)
        except TooMany as error:
            attach_errors(form, {"email": error.message})
            return form_page("accounts/sign_in.html", form=form)[0], 429
        if user is not None:
            open_for(user, remember=bool(form.remember.data))
            return redirect(_safe_next())
        attach_errors(form, {"email": _("Adresse ou mot de passe inconnu. Vérifiez-les, puis réessayez.")})
    return form_page("accounts/sign_in.html", form=form)


@blueprint.post("/deconnexion")
@requires(Permission.SIGN_IN)
def sign_out() -> Response:
    found = find_session(current_token())
    if found is not None:
        services.end_session(found)
    logout_user()
    session.clear()
    flash(_("Vous êtes déconnecté."), "info")
    return redirect(url_for("pages.home"))


def open_for(user: "User", *, remember: bool = False) -> None:
    """A new session for the person on this browser, whatever it held before."""
    token = services.open_session(
        user, agent=request.user_agent.string, address=request.remote_addr or "", remembered=remember
    )
    session.clear()
    sign_in_as(token, remember=remember)


def _authenticated(form: SignInForm) -> "User | None":
    email, address = form.email.data or "", request.remote_addr or ""
    services.refuse_when_too_many(email=email, address=address)
    user = services.authenticate(email=email, password=form.password.data or "")
    if user is None:
        with unit_of_work():  # counted although the answer is a refusal, which undoes the rest
            services.note_failure(email=email, address=address)
    return user


def _safe_next() -> str:
    """Where to go after sign-in: only a path of this site."""
    return local_target(request.args.get("next", "")) or url_for("pages.dashboard")
