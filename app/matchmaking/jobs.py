"""Background jobs of matchmaking."""

from app.core.clock import today
from app.core.db import unit_of_work
from app.core.jobs import Job, Lane, daily, handler, heartbeat, scheduled
from app.matchmaking.queries import published_need_ids
from app.matchmaking.services.expiry import tell_of_expired
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


@scheduled("claims_expiry", daily(3))
def _claims_expiry(job: Job) -> None:
    """Note what expired overnight, tell whom it concerns, match the needs again."""
    with unit_of_work():
        tell_of_expired(today())


@handler("refresh_runs", lane=Lane.LONG)
def refresh(job: Job) -> None:
    """Match every published need again, each in a transaction of its own: others write in between."""
    for need_id in published_need_ids():
        with unit_of_work():
            refresh_run(need_id)
        heartbeat(job.id, {"need": need_id})
