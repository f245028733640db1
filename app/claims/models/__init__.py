"""Tables of the claims: what is said, and what is shown for it."""

from app.claims.models.contest import Contest
from app.claims.models.evidence import Evidence
from app.claims.models.ledger import Claim, Subject
from app.claims.models.proposed import ProposedDecision

__all__ = ["Claim", "Contest", "Evidence", "ProposedDecision", "Subject"]
