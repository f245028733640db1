"""Sign-up of a company and its first person."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.enums import LinkPurpose
from app.accounts.forms import EU_COUNTRIES, CompanySignUpForm
from app.accounts.queries import get_user
from app.accounts.services.organisations import is_siret
from app.accounts.views.blueprint import Answer, blueprint
from app.accounts.views.sign_in import open_for
from app.core.countries import country_choices
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission
from app.web.access import requires
from app.web.extensions import limiter
from app.web.forms import as_choices, attach_errors, form_page


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
            open_for(user)
            joins = not user.memberships
            flash(_welcome(user.email, joins=joins), "success")
            if is_siret(form.siren.data):
                flash(
                    _(
                        "Vous avez donné un SIRET : son SIREN, %(n)s, est retenu.",
                        n=services.clean_siren(form.siren.data),
                    ),
                    "info",
                )
            return redirect(url_for("accounts.organisations" if joins else "offers.create"))
    return form_page("accounts/sign_up.html", form=form)


def _welcome(email: str, *, joins: bool) -> str:
    if joins:
        return _(
            "Bienvenue. Suivez le lien envoyé à %(to)s : votre demande de rejoindre l’entreprise "
            "lui est alors transmise.",
            to=email,
        )
    return _("Bienvenue. Suivez le lien envoyé à %(to)s, puis décrivez votre première offre.", to=email)


@blueprint.route("/confirmer-adresse/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def confirm_address(token: str) -> Answer:
    """The link opens a page with one button: mail filters follow links, and must change nothing."""
    link = services.find_link(token, LinkPurpose.CONFIRM_ADDRESS)
    if request.method == "GET":
        return render_template("accounts/confirm_address.html", link=link, token=token)
    services.confirm_address(link)
    flash(_("Votre adresse est confirmée."), "success")
    return redirect(url_for("accounts.account"))


@blueprint.post("/compte/confirmation")
@requires(Permission.ACCOUNT_MANAGE_OWN)
@limiter.limit("5 per minute")
def send_confirmation() -> Response:
    services.send_link(get_user(current_user.id), LinkPurpose.CONFIRM_ADDRESS)
    flash(_("Un nouveau lien vous est envoyé."), "success")
    return redirect(url_for("accounts.account"))
