"""What a vendor does with its offers: list, write, publish, withdraw."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.core.clock import today
from app.core.db import rollback
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.offers import services
from app.offers.forms import CATEGORY_FIELDS, OfferForm, offer_form
from app.offers.queries import answers_of, get_offer_to_edit, offers_of, waiting_claims
from app.offers.views.routes import blueprint
from app.permissions import Permission, Role
from app.reference.queries import category_choices, criteria
from app.web.access import current_actor, requires
from app.web.conflicts import differences
from app.web.forms import attach_errors, form_page

Answer = str | Response | tuple[str, int]


@blueprint.get("/mes-offres")
@requires(Permission.OFFER_CREATE)
def mine() -> str:
    organisations = organisations_where(current_actor(), Role.VENDOR)
    offers = [offer for organisation in organisations for offer in offers_of(organisation)]
    return render_template(
        "offers/mine.html",
        organisations=organisations,
        offers=offers,
        answers=answers_of(offers, criteria(), today()),
        waiting=waiting_claims(offers),
    )


@blueprint.route("/mes-offres/nouvelle", methods=["GET", "POST"])
@requires(Permission.OFFER_CREATE)
def create() -> Answer:
    form = _form()
    if form.validate_on_submit():
        try:
            organisation = get_organisation(form.organisation_id.data)
            created = services.create_offer(current_actor(), organisation=organisation, **form.answers())
            return _saved(created)
        except RuleBroken as error:
            attach_errors(form, _placed(error), error.message)
    return form_page("offers/form.html", form=form, offer=None)


@blueprint.route("/mes-offres/<int:offer_id>/modifier", methods=["GET", "POST"])
@requires(Permission.OFFER_EDIT)
def edit(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            _apply(form, found)
            return _saved(found)
        except RuleBroken as error:
            attach_errors(form, _placed(error), error.message)
        except Conflict:
            return _conflict(form, offer_id)
    return form_page("offers/form.html", form=form, offer=found)


@blueprint.post("/mes-offres/<int:offer_id>/publier")
@requires(Permission.OFFER_EDIT)
def publish(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    try:
        services.publish_offer(current_actor(), found)
    except RuleBroken as error:
        form = _form(found, formdata=None)
        attach_errors(form, _placed(error), error.message)
        return form_page("offers/form.html", form=form, offer=found)
    flash(_("L’offre est publiée : elle est visible de tous et proposée aux administrations."), "success")
    return redirect(url_for("offers.mine"))


@blueprint.route("/mes-offres/<int:offer_id>/retirer", methods=["GET", "POST"])
@requires(Permission.OFFER_EDIT)
def withdraw(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    if request.method == "GET":
        return render_template("offers/withdraw.html", offer=found)
    services.withdraw_offer(current_actor(), found)
    flash(_("L’offre est retirée. Vous pouvez la publier de nouveau à tout moment."), "success")
    return redirect(url_for("offers.mine"))


def _form(found: Any = None, **options: Any) -> OfferForm:
    organisations = organisations_where(current_actor(), Role.VENDOR)
    return offer_form(
        found,
        categories=category_choices(),
        organisations=[(organisation.id, organisation.name) for organisation in organisations],
        **options,
    )


def _apply(form: OfferForm, found: Any) -> None:
    answers = form.answers()
    answers["categories"] += [row.code for row in found.categories[len(CATEGORY_FIELDS) :]]  # not in the form
    services.edit_offer(current_actor(), found, expected_version=form.expected_version(), **answers)


def _saved(offer: Any) -> Response:
    if request.form.get("then") == "publish":
        services.publish_offer(current_actor(), offer)
        flash(
            _("L’offre est publiée. Ajoutez ses attestations : elles ouvrent les besoins exigeants."),
            "success",
        )
        return redirect(url_for("offers.claims", offer_id=offer.id))
    flash(_("L’offre est enregistrée."), "success")
    return redirect(url_for("offers.mine"))


def _conflict(form: OfferForm, offer_id: int) -> tuple[str, int]:
    rollback()
    current = get_offer_to_edit(current_actor(), offer_id)
    saved = _form(current, formdata=None)
    form.version.data = str(current.version)
    page = render_template(
        "offers/form.html", form=form, offer=current, differences=differences(form, saved), conflict=True
    )
    return page, 409


def _placed(error: RuleBroken) -> dict[str, str]:
    """Messages beside the fields of the form: categories are three of them."""
    return {("category_1" if name == "categories" else name): text for name, text in error.fields.items()}
