"""Background jobs of matchmaking."""

from app.core.db import unit_of_work
from app.core.jobs import Job, handler
from app.matchmaking.services.indexing import index_offers
from app.matchmaking.services.proposals import refresh_runs

OFFERS_A_TRANSACTION = 8


@handler("index_offers")
def index(job: Job) -> None:
    """Encode many offers, a few in each transaction, then match the needs again."""
    ids = list(job.payload["ids"])
    for start in range(0, len(ids), OFFERS_A_TRANSACTION):
        with unit_of_work():
            index_offers(ids[start : start + OFFERS_A_TRANSACTION])
    with unit_of_work():
        refresh_runs()


@handler("refresh_runs")
def refresh(_job: Job) -> None:
    with unit_of_work():
        refresh_runs()
