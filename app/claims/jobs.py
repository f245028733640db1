"""What the night does for claims."""

from app.claims.services import sweep_evidence
from app.core.jobs import Job, daily, scheduled


@scheduled("evidence_sweep", daily(4))
def _evidence_sweep(_job: Job) -> None:
    """Files that failed requests left in the store of evidence."""
    sweep_evidence()
