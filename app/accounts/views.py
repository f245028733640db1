"""Sign-in, sign-up of a company, password, company page of its own."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.forms import (
    EU_COUNTRIES,
    CompanyForm,
    CompanySignUpForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    SignInForm,
)
from app.accounts.queries import actor_of, find_user, find_user_by_email, get_organisation, organisations_where
from app.core.countries import country_choices
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.core.mail import send_mail
from app.permissions import Actor, Permission, Role, require_visible
from app.web.access import current_actor, requires
from app.web.extensions import limiter, login
from app.web.forms import attach_errors

blueprint = Blueprint("accounts", __name__)
RESET_LINK_S = 3600


@dataclass
class SignedInUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login keeps of a person during a request."""

    id: int
    name: str
    email: str
    language: str
    actor: Actor


@login.user_loader  # type: ignore[untyped-decorator]
def _load(user_id: str) -> SignedInUser | None:
    user = find_user(int(user_id))
    if user is None:
        return None
    return SignedInUser(user.id, user.name, user.email, user.language, actor_of(user))


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="new-password")


def _safe_next() -> str:
    """Where to go after sign-in: only a path of this site."""
    target = request.args.get("next", "")
    is_local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_local else url_for("pages.dashboard")


@blueprint.route("/connexion", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute", methods=["POST"])
def sign_in() -> str | Response | tuple[str, int]:
    form = SignInForm()
    if form.validate_on_submit():
        user = services.authenticate(email=form.email.data, password=form.password.data)
        if user is not None:
            loaded = _load(str(user.id))
            session.clear()  # a new session identity at each sign-in
            login_user(loaded, remember=form.remember.data)
            return redirect(_safe_next())
        attach_errors(form, {"email": _("Adresse ou mot de passe inconnu. Vérifiez-les, puis réessayez.")})
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@blueprint.post("/deconnexion")
@requires(Permission.SIGN_IN)
def sign_out() -> Response:
    logout_user()
    session.clear()
    flash(_("Vous êtes déconnecté."), "info")
    return redirect(url_for("pages.home"))


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("5 per minute", methods=["POST"])
def forgotten_password() -> str | Response | tuple[str, int]:
    form = ForgottenPasswordForm()
    if form.validate_on_submit():
        user = find_user_by_email(form.email.data)
        if user is not None:
            token = _links().dumps([user.id, user.password_hash[-12:]])
            link = current_app.extensions["settings"].public_url + url_for("accounts.new_password", token=token)
            body = render_template("accounts/mail_new_password.txt", user=user, link=link)
            send_mail(to=[user.email], subject=_("Choisir un nouveau mot de passe"), body=body)
        flash(_("Si un compte existe à cette adresse, un message vient de lui être envoyé."), "info")
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/forgotten_password.html", form=form), 422 if form.errors else 200


@blueprint.route("/nouveau-mot-de-passe/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def new_password(token: str) -> str | Response | tuple[str, int]:
    try:
        user_id, mark = _links().loads(token, max_age=RESET_LINK_S)
    except BadSignature as error:
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre.")) from error
    user = find_user(user_id)
    if user is None or user.password_hash[-12:] != mark:
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre."))
    form = NewPasswordForm()
    if form.validate_on_submit():
        services.choose_password(user, password=form.password.data)
        flash(_("Votre mot de passe est changé : connectez-vous."), "success")
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200


@blueprint.route("/inscription", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("10 per minute", methods=["POST"])
def sign_up() -> str | Response | tuple[str, int]:
    form = CompanySignUpForm()
    form.country.choices = country_choices(EU_COUNTRIES)
    if form.validate_on_submit():
        try:
            user = services.register_company(**form.values())
        except RuleBroken as error:
            attach_errors(form, error.fields)
        else:
            login_user(_load(str(user.id)))
            flash(_("Bienvenue. Décrivez maintenant votre première offre."), "success")
            return redirect(url_for("offers.create"))
    return render_template("accounts/sign_up.html", form=form), 422 if form.errors else 200


@blueprint.get("/compte")
@requires(Permission.ACCOUNT_MANAGE_OWN)
def account() -> str:
    user = find_user(current_actor().user_id or 0)
    return render_template("accounts/account.html", user=user)


@blueprint.get("/entreprise")
@requires(Permission.OFFER_CREATE)
def company() -> str | Response:
    mine = organisations_where(current_actor(), Role.VENDOR)
    if len(mine) == 1:
        return redirect(url_for("accounts.edit_company", organisation_id=mine[0].id))
    return render_template("accounts/companies.html", organisations=mine)


@blueprint.route("/entreprise/<int:organisation_id>", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_EDIT)
def edit_company(organisation_id: int) -> str | Response | tuple[str, int]:
    actor = current_actor()
    organisation = get_organisation(organisation_id)
    require_visible(actor, Permission.ORGANISATION_EDIT, organisation_id=organisation.id)
    form = CompanyForm(obj=organisation)
    if form.validate_on_submit():
        version = int(request.form.get("version", 0))
        services.edit_vendor(actor, organisation, expected_version=version, **form.values())
        flash(_("La fiche de l’entreprise est enregistrée."), "success")
        return redirect(url_for("accounts.company"))
    page = render_template("accounts/edit_company.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200
