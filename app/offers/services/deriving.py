"""Claims that follow from fields, for one offer as it is written and for all once an attribute is new."""

from collections.abc import Callable, Iterator, Sequence

from app.claims.services import derive_claims, derive_from_record, from_offer
from app.core.db import rollback, unit_of_work
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.offers.queries.fields import offers_by_id, offers_that_say, vendors_of_known_size
from app.permissions import SYSTEM, Actor

A_COMMIT = 100


def derive(actor: Actor, offer: Offer) -> None:
    """What the columns say, they claim."""
    derive_claims(actor, subject_of(offer), from_offer(offer.licence, offer.lead_time_days))


def derive_all(on_part: Callable[[int, int], object]) -> None:
    """For every offer and company, in short commits; what is derived already stays as it is."""
    offers, vendors = offers_that_say(), vendors_of_known_size()
    rollback()
    done, total = 0, len(offers) + len(vendors)
    for some in _parts(offers):
        with unit_of_work():
            for offer in offers_by_id(some):
                derive(SYSTEM, offer)
        done += len(some)
        on_part(done, total)
    for some in _parts(vendors):
        with unit_of_work():
            for vendor in some:
                derive_from_record(SYSTEM, vendor)
        done += len(some)
        on_part(done, total)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + A_COMMIT] for start in range(0, len(ids), A_COMMIT))
