"""Background jobs of matchmaking."""

from app.core.clock import today
from app.core.db import unit_of_work
from app.core.jobs import Job, Lane, daily, enqueue_once, handler, heartbeat, hourly, scheduled
from app.matchmaking.services.expiry import tell_of_ending, tell_of_expired
from app.matchmaking.services.healing import heal_vectors
from app.matchmaking.services.indexing import index_needs, index_offers
from app.matchmaking.services.proposals import refresh_runs


@handler("index_offers")
def _index_offers(job: Job) -> None:
    """Encode the offers that changed, where the process that changed them has not."""
    job_id, ids = job.id, list(job.payload["ids"])
    index_offers(ids, on_part=lambda done: heartbeat(job_id, {"done": done, "total": len(ids)}))
    _match_again()


@handler("index_needs")
def _index_needs(job: Job) -> None:
    job_id, ids = job.id, list(job.payload["ids"])
    index_needs(ids, on_part=lambda done: heartbeat(job_id, {"done": done, "total": len(ids)}))
    _match_again()


def _match_again() -> None:
    """The lists asked for at the change itself may have been made before its vectors were there."""
    with unit_of_work():
        enqueue_once("refresh_runs")


@scheduled("heal_vectors", hourly(20))
def _heal_vectors(_job: Job) -> None:
    """What is damaged, or was left out while the model was away, is encoded again."""
    heal_vectors()


@scheduled("claims_expiry", daily(3))
def _claims_expiry(job: Job) -> None:
    """Note what expired overnight, tell whom it concerns, match the needs again."""
    with unit_of_work():
        tell_of_expired(today())
    with unit_of_work():
        tell_of_ending(today())


@handler("refresh_runs", lane=Lane.LONG)
def refresh(job: Job) -> None:
    """Match again the needs whose list changed."""
    job_id = job.id
    refresh_runs(lambda done, total: heartbeat(job_id, {"done": done, "total": total}))
