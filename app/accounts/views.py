"""Sign-in, sign-up of a company, password, company page of its own."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.enums import OrganisationKind
from app.accounts.forms import (
    EU_COUNTRIES,
    CompanyForm,
    CompanySignUpForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    SignInForm,
)
from app.accounts.queries import (
    actor_of,
    find_user,
    find_user_by_email,
    get_organisation,
    organisations_where,
)
from app.core.countries import country_choices
from app.core.db import rollback
from app.core.errors import Conflict, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import send_mail
from app.permissions import Actor, Permission, Role, require_visible
from app.web.access import current_actor, requires
from app.web.conflicts import differences
from app.web.extensions import limiter, login
from app.web.forms import as_choices, attach_errors, form_page

blueprint = Blueprint("accounts", __name__)
RESET_LINK_S = 3600
Answer = str | Response | tuple[str, int]


@dataclass
class SignedInUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login keeps of a person during a request."""

    id: int
    name: str
    email: str
    language: str
    actor: Actor


@login.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
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
def sign_in() -> Answer:
    form = SignInForm()
    if form.validate_on_submit():
        user = services.authenticate(email=form.email.data or "", password=form.password.data or "")
        if user is not None:
            loaded = _load(str(user.id))
            session.clear()  # a new session identity at each sign-in
            login_user(loaded, remember=form.remember.data)
            return redirect(_safe_next())
        attach_errors(form, {"email": _("Adresse ou mot de passe inconnu. Vérifiez-les, puis réessayez.")})
    return form_page("accounts/sign_in.html", form=form)


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
def forgotten_password() -> Answer:
    form = ForgottenPasswordForm()
    if form.validate_on_submit():
        user = find_user_by_email(form.email.data or "")
        if user is not None:
            token = _links().dumps([user.id, user.password_hash[-12:]])
            link = current_app.extensions["settings"].public_url + url_for(
                "accounts.new_password", token=token
            )
            body = render_template("accounts/mail_new_password.txt", user=user, link=link)
            send_mail(
                to=[user.email],
                subject=_("Choisir un nouveau mot de passe"),
                body=body,
                about="password.reset",
                keep_body=False,
            )
        flash(_("Si un compte existe à cette adresse, un message vient de lui être envoyé."), "info")
        return redirect(url_for("accounts.sign_in"))
    return form_page("accounts/forgotten_password.html", form=form)


@blueprint.route("/nouveau-mot-de-passe/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def new_password(token: str) -> Answer:
    try:
        user_id, mark = _links().loads(token, max_age=RESET_LINK_S)
    except BadSignature as error:
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre.")) from error
    user = find_user(user_id)
    if user is None or user.password_hash[-12:] != mark:
        raise NotFound(_("Ce lien n’est plus valable : demandez-en un autre."))
    form = NewPasswordForm()
    if form.validate_on_submit():
        services.choose_password(user, password=form.password.data or "")
        flash(_("Votre mot de passe est changé : connectez-vous."), "success")
        return redirect(url_for("accounts.sign_in"))
    return form_page("accounts/new_password.html", form=form)


@blueprint.route("/inscription", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("10 per minute", methods=["POST"])
def sign_up() -> Answer:
    form = CompanySignUpForm()
    form.country.choices = as_choices(country_choices(EU_COUNTRIES))
    if form.validate_on_submit():
        try:
            user = services.register_company(**form.values())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            login_user(_load(str(user.id)))
            flash(_("Bienvenue. Décrivez maintenant votre première offre."), "success")
            return redirect(url_for("offers.create"))
    return form_page("accounts/sign_up.html", form=form)


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
def edit_company(organisation_id: int) -> Answer:
    organisation = _own_company(organisation_id)
    form = CompanyForm(obj=organisation)
    if form.validate_on_submit():
        try:
            answers = form.values() | {"expected_version": form.expected_version()}
            answers.pop("version")
            services.edit_vendor(current_actor(), organisation, **answers)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except Conflict:
            return _conflict(form, organisation_id)
        else:
            flash(_("La fiche de l’entreprise est enregistrée."), "success")
            return redirect(url_for("offers.vendor", slug=organisation.slug))
    return form_page("accounts/edit_company.html", form=form, organisation=organisation)


def _own_company(organisation_id: int) -> Any:
    """A company of the person's, as if any other did not exist."""
    organisation = get_organisation(organisation_id)
    require_visible(current_actor(), Permission.ORGANISATION_EDIT, on=organisation)
    if organisation.kind is not OrganisationKind.VENDOR:
        raise NotFound
    return organisation


def _conflict(form: CompanyForm, organisation_id: int) -> tuple[str, int]:
    rollback()
    current = _own_company(organisation_id)
    saved = CompanyForm(formdata=None, obj=current)
    form.version.data = str(current.version)
    page = render_template(
        "accounts/edit_company.html",
        form=form,
        organisation=current,
        differences=differences(form, saved),
        conflict=True,
    )
    return page, 409
