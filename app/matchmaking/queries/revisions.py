"""Following the revision of the offers: what a process that keeps some of them in memory must read again."""

import sqlalchemy as sa

from app.core.db import db
from app.matchmaking.models import IndexChange

# On PostgreSQL a smaller revision may commit after a larger one was seen: look this far back for latecomers.
LATE_REVISIONS = 200


class Revisions:
    """The changes one process has taken into account; not safe for several threads at once."""

    def __init__(self) -> None:
        self.number = 0
        self._seen: set[int] = set()

    def start(self) -> None:
        """Hold everything committed so far for known: call it before the first reading of the offers."""
        self.number = db.session.scalar(sa.select(sa.func.max(IndexChange.id))) or 0
        recent = _since(self.number - LATE_REVISIONS)
        self._seen = {revision for revision in recent if revision <= self.number}

    def pending(self) -> dict[int, int | None]:
        """Revision -> the offer that changed (None: the mean of needs), of those not taken yet."""
        changes = _since(self.number - LATE_REVISIONS)
        return {revision: offer for revision, offer in changes.items() if revision not in self._seen}

    def take(self, changes: dict[int, int | None]) -> None:
        """Hold these for known, once what they say is in memory."""
        self.number = max([self.number, *changes])
        floor = self.number - LATE_REVISIONS
        self._seen = {seen for seen in self._seen | changes.keys() if seen > floor}


def _since(revision: int) -> dict[int, int | None]:
    query = sa.select(IndexChange.id, IndexChange.offer_id).where(IndexChange.id > revision)
    return {row.id: row.offer_id for row in db.session.execute(query.order_by(IndexChange.id))}
