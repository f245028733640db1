"""Background jobs of offers."""

from app.core.jobs import Job, Lane, handler, heartbeat
from app.offers.services.deriving import derive_all


@handler("derive_claims", lane=Lane.LONG)
def _derive_claims(job: Job) -> None:
    """What fields already say of an attribute that is new."""
    job_id = job.id
    derive_all(lambda done, total: heartbeat(job_id, {"done": done, "total": total}))
