"""Background jobs of moderation: reading the files people send."""

from app.core.jobs import Job, Lane, handler, heartbeat
from app.moderation.services.imports.background import do_import


@handler("import", lane=Lane.LONG, attempts=3, kept=True)
def _import(job: Job) -> None:
    job_id = job.id
    do_import(
        job.payload["run_id"],
        lambda done, total: heartbeat(job_id, {"done": done, "total": total}),
    )
