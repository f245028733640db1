"""What is claimed of offers, or said of who sells them, changes what is known of them; a new attribute is one
that their fields may speak of already."""

from app.accounts.signals import vendor_saved
from app.claims.signals import claim_changed
from app.core.jobs import enqueue_once
from app.offers.queries import published_offer_ids_of
from app.offers.signals import offer_changed
from app.permissions import Actor
from app.reference.signals import criteria_changed


@claim_changed.connect
def _claim_changed(offer_id: int | None, organisation_id: int | None) -> None:
    """A claim about a whole company speaks of all the offers it publishes."""
    if offer_id is not None:
        offer_changed.send(offer_id)
    elif organisation_id is not None:
        _say_all_changed(organisation_id)


@vendor_saved.connect
def _vendor_saved(organisation_id: int, actor: Actor) -> None:
    """Offers are found by who sells them, and sorted by where that is."""
    _say_all_changed(organisation_id)


def _say_all_changed(organisation_id: int) -> None:
    for published in published_offer_ids_of(organisation_id):
        offer_changed.send(published)


@criteria_changed.connect
def _criteria_changed(_sender: object) -> None:
    enqueue_once("derive_claims")
