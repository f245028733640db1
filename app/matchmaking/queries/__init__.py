"""Reading vectors, revisions, runs, shortlists and verdicts."""

from app.matchmaking.queries.runs import count_proposals, get_run
from app.matchmaking.queries.selection import (
    find_proposal,
    find_verdict,
    get_shortlist_entry,
    shortlist_of,
    verdicts_of,
)
from app.matchmaking.queries.vectors import (
    StoredPassage,
    changes_after,
    current_revision,
    published_need_ids,
    published_offer_ids,
    read_passages,
    stored_passages,
    vector_checksum,
)

__all__ = [
    "StoredPassage",
    "changes_after",
    "count_proposals",
    "current_revision",
    "find_proposal",
    "find_verdict",
    "get_run",
    "get_shortlist_entry",
    "published_need_ids",
    "published_offer_ids",
    "read_passages",
    "shortlist_of",
    "stored_passages",
    "vector_checksum",
    "verdicts_of",
]
