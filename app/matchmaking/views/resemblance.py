"""Who resembles whom, and the needs a vendor's offers serve."""

from flask import render_template

from app.matchmaking.engine import engine
from app.matchmaking.queries import proposals_of_organisations
from app.matchmaking.views.blueprint import blueprint
from app.offers.queries import get_offer_by_slug, published_offers
from app.permissions import Permission, Role
from app.web.access import current_actor, requires


@blueprint.get("/offres/<slug>/proches")
@requires(Permission.CATALOGUE_READ)
def similar_offers(slug: str) -> str:
    offer = get_offer_by_slug(current_actor(), slug)
    near = engine().similar_offers(offer.id)
    offers = {other.id: other for other in published_offers([offer_id for offer_id, _score in near])}
    rows = [(offers[offer_id], cosine) for offer_id, cosine in near if offer_id in offers]
    return render_template("matchmaking/similar_offers.html", offer=offer, rows=rows)


@blueprint.get("/besoins-correspondants")
@requires(Permission.NEED_MATCHING_READ)
def matching_needs() -> str:
    found = proposals_of_organisations(current_actor().organisations(Role.VENDOR))
    return render_template("matchmaking/matching_needs.html", proposals=found)
