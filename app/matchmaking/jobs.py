"""Background jobs of matchmaking."""

from app.core.db import unit_of_work
from app.core.jobs import Job, Lane, handler, heartbeat
from app.matchmaking.queries import published_need_ids
from app.matchmaking.services.indexing import index_needs, index_offers
from app.matchmaking.services.proposals import refresh_run


@handler("index_offers")
def _index_offers(job: Job) -> None:
    """Encode the offers that changed, where the process that changed them has not."""
    job_id, ids = job.id, list(job.payload["ids"])
    index_offers(ids, on_part=lambda done: heartbeat(job_id, {"done": done, "total": len(ids)}))


@handler("index_needs")
def _index_needs(job: Job) -> None:
    job_id, ids = job.id, list(job.payload["ids"])
    index_needs(ids, on_part=lambda done: heartbeat(job_id, {"done": done, "total": len(ids)}))


@handler("refresh_runs", lane=Lane.LONG)
def refresh(job: Job) -> None:
    """Match every published need again, each in a transaction of its own: others write in between."""
    for need_id in published_need_ids():
        with unit_of_work():
            refresh_run(need_id)
        heartbeat(job.id, {"need": need_id})
