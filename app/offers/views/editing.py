"""What a vendor does with its offers: list, write, publish, withdraw."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.content.forms import expected_revision, publication, written
from app.content.presenters import conflict_page
from app.content.queries import drafts_among
from app.content.services import EditConflict, Seen
from app.content.views import Published, publish_page, register, seen_now
from app.core.clock import today
from app.core.db import rollback
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.offers import services
from app.offers.forms import OfferForm, offer_form
from app.offers.queries import (
    answers_of,
    get_offer_to_edit,
    get_offer_to_edit_by_slug,
    get_offer_with_history,
    offers_of,
    waiting_claims,
)
from app.offers.spec import OFFER
from app.offers.views.routes import blueprint
from app.permissions import Permission, Role
from app.reference.queries import category_choices, criteria
from app.web.access import current_actor, requires
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
        drafts=drafts_among(OFFER, [offer.id for offer in offers]),
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
            attach_errors(form, error.fields, error.message)
    return form_page("offers/form.html", form=form, offer=None)


@blueprint.route("/mes-offres/<int:offer_id>/modifier", methods=["GET", "POST"])
@requires(Permission.OFFER_EDIT)
def edit(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    form = _form(found)
    if form.validate_on_submit():
        seen = form.seen(OFFER, found)
        try:
            services.save_offer(current_actor(), found, written(form, OFFER, seen), seen=seen)
            return _saved(found)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(offer_id, error)
    return form_page("offers/form.html", form=form, offer=found)


@blueprint.route("/mes-offres/<int:offer_id>/publier", methods=["GET", "POST"])
@requires(Permission.OFFER_EDIT)
def publish(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    if request.method == "GET":
        return publish_page(PAGES, found)
    try:
        nature, note = publication()
        revision = expected_revision()
        shown = services.publish_offer(current_actor(), found, note=note, nature=nature, revision=revision)
    except RuleBroken as error:
        form = _form(found, formdata=None)
        attach_errors(form, error.fields, error.message)
        return form_page("offers/form.html", form=form, offer=found)
    except Conflict as error:
        return publish_page(PAGES, _again(offer_id), error.message)
    if shown:
        flash(_("L’offre est publiée : elle est visible de tous et proposée aux administrations."), "success")
    else:
        flash(_waits(), "info")
    return redirect(url_for("offers.mine"))


@blueprint.post("/mes-offres/<int:offer_id>/copier")
@requires(Permission.OFFER_CREATE)
def copy(offer_id: int) -> Response:
    copied = services.copy_offer(current_actor(), get_offer_to_edit(current_actor(), offer_id))
    flash(_("Voici une copie de l’offre, en brouillon : adaptez-la, puis publiez."), "success")
    return redirect(url_for("offers.edit", offer_id=copied.id))


@blueprint.route("/mes-offres/<int:offer_id>/retirer", methods=["GET", "POST"])
@requires(Permission.OFFER_EDIT)
def withdraw(offer_id: int) -> Answer:
    found = get_offer_to_edit(current_actor(), offer_id)
    if request.method == "GET":
        return render_template("offers/withdraw.html", offer=found)
    services.withdraw_offer(current_actor(), found)
    flash(_("L’offre est retirée. Vous pouvez la publier de nouveau à tout moment."), "success")
    return redirect(url_for("offers.mine"))


def _form(found: Any = None, seen: Seen | None = None, **options: Any) -> OfferForm:
    """The form of a new offer, or of `found` as its editors left it (or as `seen` says)."""
    if found is not None and seen is None:
        seen = seen_now(OFFER, found)
    owners = [found.organisation] if found is not None and found.organisation is not None else None
    organisations = owners or organisations_where(current_actor(), Role.VENDOR)
    return offer_form(
        seen=seen,
        categories=category_choices(),
        organisations=[(organisation.id, organisation.name) for organisation in organisations],
        **options,
    )


def _waits() -> str:
    return _(
        "L’offre attend la modération : un courriel vous préviendra. En attendant, ajoutez ses attestations."
    )


def _saved(offer: Any) -> Response:
    """After saving: on to the publication when the button said so."""
    if request.form.get("then") == "publish" and offer.version == 0:
        try:
            shown = services.publish_offer(current_actor(), offer)
        except InvalidTransition as error:  # suspended, say: what was typed is kept
            flash(_("Le brouillon est enregistré, pas publié. %(why)s", why=error.message), "warning")
            return redirect(url_for("offers.edit", offer_id=offer.id))
        if shown:
            flash(
                _("L’offre est publiée. Ajoutez ses attestations : elles ouvrent les besoins exigeants."),
                "success",
            )
        else:
            flash(_waits(), "info")
        return redirect(url_for("offers.claims", offer_id=offer.id))
    if request.form.get("then") == "publish":
        return redirect(url_for("offers.publish", offer_id=offer.id))
    if offer.version:
        flash(_("Le brouillon est enregistré : la version publiée ne change qu’à la publication."), "success")
    else:
        flash(_("L’offre est enregistrée."), "success")
    return redirect(url_for("offers.mine"))


def _again(offer_id: int) -> Any:
    """The offer as somebody else has just saved it."""
    rollback()
    return get_offer_to_edit(current_actor(), offer_id)


def _conflict(offer_id: int, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    current = _again(offer_id)
    form = _form(current, Seen(current.revision, error.merge.content), formdata=None)
    form.now_seen(seen_now(OFFER, current))
    found = conflict_page(OFFER, error.merge)
    return render_template("offers/form.html", form=form, offer=current, conflict=found), 409


PAGES = Published(
    spec=OFFER,
    page=lambda found: url_for("offers.offer", slug=found.slug),
    edit_page=lambda found: url_for("offers.edit", offer_id=found.id),
    publish_page=lambda found: url_for("offers.publish", offer_id=found.id),
    reading=Permission.CATALOGUE_READ,
    editing=Permission.OFFER_EDIT,
    read=lambda actor, address: get_offer_with_history(actor, address["slug"]),
    edit=lambda actor, address: get_offer_to_edit_by_slug(actor, address["slug"]),
    form=_form,
    keep=services.autosave_offer,
    drop=services.discard_draft,
    title=lambda found: found.name,
    address=lambda found: {"slug": found.slug},
)
register(blueprint, "/offres/<slug>", PAGES)
