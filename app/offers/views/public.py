"""What everyone reads: an offer with its evidence, a company with its offers."""

from flask import render_template

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.queries import get_organisation_by_slug
from app.accounts.queries.standing import public_reason
from app.claims.presenters import answer_rows, claim_rows
from app.claims.queries import claims_about_organisation
from app.content.views import draft_state
from app.core.clock import today
from app.core.countries import country_name
from app.core.errors import NotFound
from app.offers.queries import (
    answers_of,
    claims_about,
    get_offer_by_slug,
    may_edit,
    published_offers_of,
)
from app.offers.views.editing import PAGES
from app.offers.views.routes import blueprint
from app.permissions import Permission, can
from app.reference.queries import criteria
from app.web.access import current_actor, requires


@blueprint.get("/offres/<slug>")
@requires(Permission.CATALOGUE_READ)
def offer(slug: str) -> str:
    found = get_offer_by_slug(current_actor(), slug)
    return render_template(
        "offers/offer.html",
        offer=found,
        answers=answer_rows(answers_of([found], criteria(), today())[found.id]),
        claims=claim_rows(claims_about(found), today(), current_actor()),
        draft=draft_state(PAGES, found) if may_edit(current_actor(), found) else None,
    )


@blueprint.get("/fournisseurs/<slug>")
@requires(Permission.CATALOGUE_READ)
def vendor(slug: str) -> str:
    organisation = get_organisation_by_slug(slug)
    if organisation.kind is not OrganisationKind.VENDOR:
        raise NotFound
    if organisation.standing is not Standing.ACTIVE and not can(
        current_actor(), Permission.ORGANISATION_EDIT, on=organisation
    ):
        raise NotFound(public_reason(organisation))
    offers = published_offers_of(organisation)
    return render_template(
        "offers/vendor.html",
        organisation=organisation,
        country=country_name(organisation.country),
        offers=offers,
        answers=answers_of(offers, criteria(), today()),
        claims=claim_rows(claims_about_organisation(organisation), today(), current_actor()),
    )
