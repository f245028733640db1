"""Background jobs of matchmaking."""

from app.core.clock import today
from app.core.db import rollback, unit_of_work
from app.core.jobs import Job, Lane, daily, enqueue_once, handler, heartbeat, scheduled
from app.matchmaking.services.expiry import tell_of_expired
from app.matchmaking.services.indexing import index_needs, index_offers
from app.matchmaking.services.proposals import answer_need, keep_if_new, needs_to_match, note_checked
from app.needs.queries import get_need
from app.permissions import SYSTEM


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


@scheduled("claims_expiry", daily(3))
def _claims_expiry(job: Job) -> None:
    """Note what expired overnight, tell whom it concerns, match the needs again."""
    with unit_of_work():
        tell_of_expired(today())


@handler("refresh_runs", lane=Lane.LONG)
def refresh(job: Job) -> None:
    """Match again the needs whose list changed: each is computed first, then written in a short transaction
    of its own."""
    rollback()
    changed = needs_to_match()
    with unit_of_work():
        note_checked(but=changed)
    for done, need_id in enumerate(changed, start=1):
        answer = answer_need(get_need(SYSTEM, need_id))
        with unit_of_work():
            keep_if_new(answer)
        heartbeat(job.id, {"done": done, "total": len(changed)})
