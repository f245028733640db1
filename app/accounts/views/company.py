"""The page of one's own company."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.enums import OrganisationKind
from app.accounts.forms import CompanyForm
from app.accounts.queries import get_organisation, organisations_where
from app.accounts.queries.identity import waiting_identity_of
from app.accounts.services import identity
from app.accounts.views.blueprint import Answer, blueprint
from app.core.db import rollback
from app.core.errors import Conflict, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission, Role, require_visible
from app.web.access import current_actor, requires
from app.web.conflicts import differences
from app.web.forms import attach_errors, form_page


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
            applied = services.edit_vendor(current_actor(), organisation, **answers)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except Conflict:
            return _conflict(form, organisation_id)
        else:
            flash(_("La fiche de l’entreprise est enregistrée."), "success")
            if not applied:
                flash(
                    _("Son nouveau nom ou numéro attend la modération ; un courriel vous préviendra."), "info"
                )
            return redirect(url_for("offers.vendor", slug=organisation.slug))
    asked = waiting_identity_of(organisation)
    return form_page("accounts/edit_company.html", form=form, organisation=organisation, asked=asked)


@blueprint.post("/entreprise/<int:organisation_id>/changement/retirer")
@requires(Permission.ORGANISATION_EDIT)
def withdraw_identity(organisation_id: int) -> Response:
    identity.withdraw_identity(current_actor(), _own_company(organisation_id))
    flash(_("Le changement demandé est retiré."), "success")
    return redirect(url_for("accounts.edit_company", organisation_id=organisation_id))


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
        asked=waiting_identity_of(current),
        differences=differences(form, saved),
        conflict=True,
    )
    return page, 409
