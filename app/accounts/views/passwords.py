"""A forgotten password, and the link to choose another."""

from flask import flash, redirect, url_for

from app.accounts import services
from app.accounts.enums import LinkPurpose
from app.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from app.accounts.queries import find_user_by_email
from app.accounts.views.blueprint import Answer, blueprint
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission
from app.web.access import requires
from app.web.extensions import limiter
from app.web.forms import attach_errors, form_page


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("5 per minute", methods=["POST"])
def forgotten_password() -> Answer:
    form = ForgottenPasswordForm()
    if form.validate_on_submit():
        user = find_user_by_email(form.email.data or "")
        if user is not None:
            services.send_link(user, LinkPurpose.NEW_PASSWORD)
        flash(_("Si un compte existe à cette adresse, un message vient de lui être envoyé."), "info")
        return redirect(url_for("accounts.sign_in"))
    return form_page("accounts/forgotten_password.html", form=form)


@blueprint.route("/nouveau-mot-de-passe/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def new_password(token: str) -> Answer:
    services.find_link(token, LinkPurpose.NEW_PASSWORD)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            services.reset_password(token, password=form.password.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(
                _("Votre mot de passe est changé, et vos sessions sont fermées : connectez-vous."), "success"
            )
            return redirect(url_for("accounts.sign_in"))
    return form_page("accounts/new_password.html", form=form)
