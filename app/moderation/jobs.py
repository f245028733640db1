"""Background jobs of moderation: reading the files people send."""

from app.core.db import unit_of_work
from app.core.jobs import Job, Lane, daily, handler, heartbeat, scheduled
from app.moderation.services.imports.background import do_import
from app.moderation.services.registries import review_claims


@handler("import", lane=Lane.LONG, attempts=3, kept=True)
def _import(job: Job) -> None:
    job_id = job.id
    do_import(
        job.payload["run_id"],
        lambda done, total: heartbeat(job_id, {"done": done, "total": total}),
    )


@scheduled("registry_review", daily(2))
def _registry_review(_job: Job) -> None:
    """A qualification that ended overnight contradicts the claim that still affirms it."""
    with unit_of_work():
        review_claims()
