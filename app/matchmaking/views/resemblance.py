"""Who resembles whom: offers near an offer, needs near a need."""

from flask import render_template

from app.matchmaking.engine import engine
from app.matchmaking.engine.likeness import needs_like
from app.matchmaking.views.blueprint import blueprint
from app.needs.queries import get_need, published_needs
from app.offers.queries import get_offer_by_slug, published_offers
from app.permissions import Permission
from app.web.access import current_actor, requires

# Below, two needs only share a register. On the demonstration needs, all different, the closest two are at
# 0.36; of six rewritten in other words, four came back first, between 0.44 and 0.51.
NEAR = 0.4
SHOWN = 10
LOOKED_AT = 100
"""Those of the same administration, and those closed since, are left out among them."""


@blueprint.get("/offres/<slug>/proches")
@requires(Permission.CATALOGUE_READ)
def similar_offers(slug: str) -> str:
    offer = get_offer_by_slug(current_actor(), slug)
    near = engine().similar_offers(offer.id)
    offers = {other.id: other for other in published_offers([offer_id for offer_id, _score in near])}
    rows = [(offers[offer_id], cosine) for offer_id, cosine in near if offer_id in offers]
    return render_template("matchmaking/similar_offers.html", offer=offer, rows=rows)


@blueprint.get("/besoins/<int:need_id>/proches")
@requires(Permission.NEED_CREATE)
def similar_needs(need_id: int) -> str:
    """Published needs of other administrations, near enough to be bought together."""
    need = get_need(current_actor(), need_id)
    near = needs_like(need, LOOKED_AT)
    close = {other_id: cosine for other_id, cosine in near or () if cosine >= NEAR}
    published = {one.id: one for one in published_needs(close)}
    others = [(published[other_id], cosine) for other_id, cosine in close.items() if other_id in published]
    rows = [(one, cosine) for one, cosine in others if one.organisation_id != need.organisation_id][:SHOWN]
    return render_template("matchmaking/similar_needs.html", need=need, ready=near is not None, rows=rows)
