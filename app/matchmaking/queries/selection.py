"""Reading shortlists and verdicts."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.matchmaking.models import ShortlistEntry, Verdict
from app.offers.models import Offer


def shortlist_of(need_id: int) -> Sequence[ShortlistEntry]:
    query = (
        sa.select(ShortlistEntry)
        .where(ShortlistEntry.need_id == need_id)
        .options(
            joinedload(ShortlistEntry.offer).joinedload(Offer.organisation),
            joinedload(ShortlistEntry.added_by),
        )
        .order_by(ShortlistEntry.id)
    )
    return db.session.scalars(query).all()


def get_shortlist_entry(need_id: int, offer_id: int) -> ShortlistEntry:
    query = sa.select(ShortlistEntry).filter_by(need_id=need_id, offer_id=offer_id)
    entry = db.session.scalars(query).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def verdicts_of(need_id: int) -> dict[int, bool]:
    """Offer identifier -> useful or not."""
    query = sa.select(Verdict.offer_id, Verdict.useful).where(Verdict.need_id == need_id)
    return {row.offer_id: row.useful for row in db.session.execute(query)}
