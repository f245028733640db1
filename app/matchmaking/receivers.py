"""Vectors and runs follow the changes of offers and needs: announced in the transaction that commits them,
encoded after it."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from app.core.clock import now
from app.core.db import before_commit, on_commit
from app.core.jobs import Lane, enqueue, enqueue_once
from app.matchmaking.queries.runs import proposes_one_of
from app.matchmaking.queries.selection import selects_one_of
from app.matchmaking.services.indexing import index_needs, index_offers, note_offer_change
from app.needs.signals import concern_asked, need_published
from app.offers.signals import offer_changed
from app.reference.signals import criteria_changed

# This many are encoded at once by whoever changed them, after the commit; more by the lane of long work.
ENCODED_AT_ONCE = 4
# The job behind a few is a net, for a process that dies just after its commit.
NET_DELAY = timedelta(seconds=5)


@offer_changed.connect
def _offer_changed(offer_id: int) -> None:
    before_commit("offers", offer_id, _index_changed_offers)


@need_published.connect
def _need_published(need_id: int) -> None:
    before_commit("needs", need_id, _index_changed_needs)


@concern_asked.connect
def _concerns(need_id: int, *, organisations: Collection[int]) -> bool:
    return proposes_one_of(need_id, organisations) or selects_one_of(need_id, organisations)


@criteria_changed.connect
def _criteria_changed(_sender: object) -> None:
    enqueue_once("refresh_runs")  # who is eligible may have changed; each process sees the criteria by itself


def _index_changed_offers(ids: list[int]) -> None:
    for offer_id in ids:  # what is withdrawn or refuted takes effect at once
        note_offer_change(offer_id)
    if len(ids) > ENCODED_AT_ONCE:
        enqueue("index_offers", Lane.LONG, ids=ids)
    else:
        enqueue("index_offers", Lane.SHORT, ids=ids).due_at = now() + NET_DELAY
        on_commit(partial(index_offers, ids))
    enqueue_once("refresh_runs")


def _index_changed_needs(ids: list[int]) -> None:
    if len(ids) > ENCODED_AT_ONCE:
        enqueue("index_needs", Lane.LONG, ids=ids)
    else:
        enqueue("index_needs", Lane.SHORT, ids=ids).due_at = now() + NET_DELAY
        on_commit(partial(index_needs, ids))
    enqueue_once("refresh_runs")
