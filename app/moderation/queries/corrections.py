"""A published correction as a moderator reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.claims.models import Claim
from app.content.presenters import comparison
from app.content.queries import get_version
from app.content.spec import Change
from app.core.db import db
from app.core.errors import NotFound
from app.offers.models import CorrectionRuling, Offer, OfferVersion
from app.offers.queries.corrections import find_ruling, verified_before
from app.offers.spec import OFFER
from app.permissions import Actor, Permission, require_visible


@dataclass(frozen=True, slots=True)
class Correction:
    """`claims` are those that a substantive change would have confirmed."""

    offer: Offer
    version: OfferVersion
    changes: tuple[Change, ...]
    claims: Sequence[Claim]
    ruling: CorrectionRuling | None


def get_correction(actor: Actor, offer_id: int, number: int) -> Correction:
    """Any version but the first, or NotFound: what its author says of it is shown."""
    require_visible(actor, Permission.CLAIM_DECIDE)
    offer = db.session.get(Offer, offer_id)
    if offer is None or number < 2:
        raise NotFound
    version = get_version(OFFER, offer, number)
    assert isinstance(version, OfferVersion)  # noqa: S101 - the spec of offers says so
    found = comparison(OFFER, offer, number - 1, number)
    return Correction(
        offer, version, found.changes, verified_before(offer_id, number), find_ruling(offer_id, number)
    )
