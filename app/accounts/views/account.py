"""One's own account: name, address, password, and where one is signed in."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.enums import LinkPurpose
from app.accounts.forms import AddressForm, ChangePasswordForm, NameForm
from app.accounts.queries import get_user
from app.accounts.queries.sessions import get_session_of, sessions_of
from app.accounts.views.blueprint import Answer, blueprint, current_token
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission
from app.web.access import requires
from app.web.extensions import limiter
from app.web.forms import attach_errors, form_page


@blueprint.get("/compte")
@requires(Permission.ACCOUNT_MANAGE_OWN)
def account() -> str:
    return render_template(
        "accounts/account.html",
        user=get_user(current_user.id),
        sessions=sessions_of(current_user.id),
        current_id=current_user.session_id,
    )


@blueprint.route("/compte/nom", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE_OWN)
def change_name() -> Answer:
    user = get_user(current_user.id)
    form = NameForm(obj=user)
    if form.validate_on_submit():
        services.rename(user, name=form.name.data or "")
        flash(_("Votre nom est changé."), "success")
        return redirect(url_for("accounts.account"))
    return form_page("accounts/change.html", form=form, heading=_("Changer mon nom"))


@blueprint.route("/compte/mot-de-passe", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE_OWN)
@limiter.limit("10 per minute", methods=["POST"])
def change_password() -> Answer:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(
                get_user(current_user.id),
                current=form.current.data or "",
                password=form.password.data or "",
                session_token=current_token(),
            )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Votre mot de passe est changé ; vos autres sessions sont fermées."), "success")
            return redirect(url_for("accounts.account"))
    return form_page("accounts/change.html", form=form, heading=_("Changer mon mot de passe"))


@blueprint.route("/compte/adresse", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE_OWN)
@limiter.limit("10 per minute", methods=["POST"])
def ask_address() -> Answer:
    form = AddressForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            services.ask_address(get_user(current_user.id), email=email, current=form.current.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Un lien est envoyé à %(to)s : suivez-le pour confirmer l’adresse.", to=email), "success")
            return redirect(url_for("accounts.account"))
    return form_page("accounts/change.html", form=form, heading=_("Changer mon adresse"))


@blueprint.route("/compte/nouvelle-adresse/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def change_address(token: str) -> Answer:
    """The link opens a page with one button: mail filters follow links, and must change nothing."""
    link = services.find_link(token, LinkPurpose.CHANGE_ADDRESS)
    if request.method == "GET":
        return render_template("accounts/change_address.html", link=link, token=token)
    services.change_address(link)
    flash(_("Votre adresse est changée : connectez-vous avec la nouvelle."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.post("/compte/sessions/<int:session_id>/fermer")
@requires(Permission.ACCOUNT_MANAGE_OWN)
def end_session(session_id: int) -> Response:
    services.end_session(get_session_of(current_user.id, session_id))
    flash(_("La session est fermée."), "success")
    return redirect(url_for("accounts.account", _anchor="sessions"))


@blueprint.post("/compte/sessions/fermer-les-autres")
@requires(Permission.ACCOUNT_MANAGE_OWN)
def end_other_sessions() -> Response:
    services.end_sessions(current_user.id, but=current_token())
    flash(_("Toutes vos autres sessions sont fermées."), "success")
    return redirect(url_for("accounts.account", _anchor="sessions"))
