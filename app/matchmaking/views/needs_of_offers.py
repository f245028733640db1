"""The published needs a vendor's offers serve, and those that one criterion keeps out of reach."""

from functools import partial

from flask import render_template, request

from app.core.errors import NotFound
from app.matchmaking.engine.reverse import needs_for
from app.matchmaking.presenters.figures import addends
from app.matchmaking.presenters.proposals import reason_text, remedy_text
from app.matchmaking.presenters.signals import signal_labels
from app.matchmaking.services.proposals import PROPOSED
from app.matchmaking.views.blueprint import blueprint
from app.needs.queries import published_needs
from app.offers.queries import published_offers_by
from app.permissions import Permission, Role
from app.reference.queries import criteria
from app.web.access import current_actor, requires


@blueprint.get("/besoins-correspondants")
@requires(Permission.NEED_MATCHING_READ)
def matching_needs() -> str:
    """One offer at a time: each published need is ranked anew, exactly."""
    offers = published_offers_by(current_actor().organisations(Role.VENDOR))
    asked = request.args.get("offre", "")
    offer = next((one for one in offers if asked in ("", one.slug)), None)
    if asked and offer is None:
        raise NotFound
    needs = published_needs() if offer else ()
    return render_template(
        "matchmaking/matching_needs.html",
        offers=offers,
        offer=offer,
        found=needs_for(offer, needs) if offer else None,
        needs={need.id: need for need in needs},
        criteria={criterion.key: criterion for criterion in criteria()},
        reason=reason_text,
        remedy=remedy_text,
        sum_of=partial(addends, label=signal_labels({})),
        proposed=PROPOSED[offer.kind] if offer else 0,
    )
