"""Sign-up of a company and its first person."""

from flask import flash, redirect, url_for

from app.accounts import services
from app.accounts.forms import EU_COUNTRIES, CompanySignUpForm
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
            flash(_("Bienvenue. Décrivez maintenant votre première offre."), "success")
            return redirect(url_for("offers.create"))
    return form_page("accounts/sign_up.html", form=form)
