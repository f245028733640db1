"""What is claimed changes what is known of the offers it speaks of; a new attribute is one that their fields
may speak of already."""

from app.claims.signals import claim_changed
from app.core.jobs import enqueue_once
from app.offers.queries import published_offer_ids_of
from app.offers.signals import offer_changed
from app.reference.signals import criteria_changed


@claim_changed.connect
def _claim_changed(offer_id: int | None, organisation_id: int | None) -> None:
    """A claim about a whole company speaks of all the offers it publishes."""
    if offer_id is not None:
        offer_changed.send(offer_id)
    elif organisation_id is not None:
        for published in published_offer_ids_of(organisation_id):
            offer_changed.send(published)


@criteria_changed.connect
def _criteria_changed(_sender: object) -> None:
    enqueue_once("derive_claims")
