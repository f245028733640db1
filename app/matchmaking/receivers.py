"""Vectors and runs follow the changes of offers and needs, in the transaction that commits them."""

from app.core.db import before_commit
from app.core.jobs import enqueue, enqueue_once
from app.matchmaking.services.indexing import index_needs, index_offers, note_offer_change
from app.needs.signals import need_published
from app.offers.signals import offer_changed
from app.reference.signals import criteria_changed

# More than this is encoded in the background: an import must not hold the database for minutes.
ENCODED_AT_ONCE = 4


@offer_changed.connect
def _offer_changed(offer_id: int) -> None:
    before_commit("offers", offer_id, _index_changed_offers)


@need_published.connect
def _need_published(need_id: int) -> None:
    before_commit("needs", need_id, _index_changed_needs)


@criteria_changed.connect
def _criteria_changed(_sender: object) -> None:
    enqueue_once("refresh_runs")  # who is eligible may have changed; each process sees the criteria by itself


def _index_changed_offers(ids: list[int]) -> None:
    if len(ids) > ENCODED_AT_ONCE:
        for offer_id in ids:  # what is withdrawn or refuted takes effect at once; new texts wait for the job
            note_offer_change(offer_id)
        enqueue("index_offers", ids=ids)
        return
    index_offers(ids)
    enqueue_once("refresh_runs")


def _index_changed_needs(ids: list[int]) -> None:
    if len(ids) > ENCODED_AT_ONCE:
        enqueue("index_needs", ids=ids)
        return
    index_needs(ids)
    enqueue_once("refresh_runs")
