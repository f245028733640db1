"""Background jobs of matchmaking."""

from collections.abc import Callable, Collection

from app.core.db import unit_of_work
from app.core.jobs import Job, Lane, handler, heartbeat
from app.matchmaking.queries import published_need_ids
from app.matchmaking.services.indexing import index_needs, index_offers
from app.matchmaking.services.proposals import refresh_run

TEXTS_A_TRANSACTION = 8


@handler("index_offers", lane=Lane.LONG)
def index_many_offers(job: Job) -> None:
    """Encode many offers, a few in each transaction, then match the needs again."""
    _index_in_parts(index_offers, job)


@handler("index_needs", lane=Lane.LONG)
def index_many_needs(job: Job) -> None:
    _index_in_parts(index_needs, job)


def _index_in_parts(index: Callable[[Collection[int]], int], job: Job) -> None:
    ids = list(job.payload["ids"])
    for start in range(0, len(ids), TEXTS_A_TRANSACTION):
        with unit_of_work():
            index(ids[start : start + TEXTS_A_TRANSACTION])
        heartbeat(job.id, {"done": min(start + TEXTS_A_TRANSACTION, len(ids)), "total": len(ids)})
    refresh(job)


@handler("refresh_runs", lane=Lane.LONG)
def refresh(job: Job) -> None:
    """Match every published need again, each in a transaction of its own: others write in between."""
    for need_id in published_need_ids():
        with unit_of_work():
            refresh_run(need_id)
        heartbeat(job.id, {"need": need_id})
