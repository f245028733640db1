"""Reading shortlists and verdicts."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.matchmaking.models import MatchRun, Proposal, ShortlistEntry, Verdict
from app.needs.enums import NeedStatus
from app.needs.models import Need
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


def shortlisting_organisations(offer_ids: Collection[int]) -> dict[int, set[int]]:
    """Administration -> those of these offers that it keeps on the shortlist of an open need."""
    query = (
        sa.select(Need.organisation_id, ShortlistEntry.offer_id)
        .join(ShortlistEntry.need)
        .where(ShortlistEntry.offer_id.in_(list(offer_ids)), Need.status != NeedStatus.CLOSED)
    )
    found: dict[int, set[int]] = {}
    for organisation_id, offer_id in db.session.execute(query):
        found.setdefault(organisation_id, set()).add(offer_id)
    return found


def selects_one_of(need_id: int, organisations: Collection[int]) -> bool:
    """Whether an offer of one of these vendors is on the need's shortlist."""
    query = sa.select(ShortlistEntry.id).join(ShortlistEntry.offer).where(ShortlistEntry.need_id == need_id)
    return db.session.scalar(query.where(Offer.organisation_id.in_(list(organisations))).limit(1)) is not None


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


def find_verdict(need_id: int, offer_id: int) -> Verdict | None:
    query = sa.select(Verdict).filter_by(need_id=need_id, offer_id=offer_id)
    return db.session.scalars(query).one_or_none()


def find_proposal(need_id: int, offer_id: int, run_id: int | None = None) -> Proposal | None:
    """What was proposed in this run of the need, or in the latest one."""
    latest = sa.select(sa.func.max(MatchRun.id)).where(MatchRun.need_id == need_id).scalar_subquery()
    query = (
        sa.select(Proposal)
        .join(Proposal.run)
        .options(contains_eager(Proposal.run))
        .where(MatchRun.need_id == need_id, Proposal.offer_id == offer_id)
        .where(Proposal.run_id == (latest if run_id is None else run_id))
    )
    return db.session.scalars(query).one_or_none()
