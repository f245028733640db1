"""Reading vectors, revisions, runs, shortlists and verdicts."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.matchmaking.enums import PassageOf
from app.matchmaking.models import Embedding, IndexChange, MatchRun, Proposal, ShortlistEntry, Verdict
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer

IDS_A_QUERY = 500


class StoredPassage(NamedTuple):
    position: int
    text_hash: str
    vector: bytes


def changes_after(revision: int) -> Sequence[IndexChange]:
    return db.session.scalars(
        sa.select(IndexChange).where(IndexChange.id > revision).order_by(IndexChange.id)
    ).all()


def current_revision() -> int:
    return db.session.scalar(sa.select(sa.func.max(IndexChange.id))) or 0


def published_offer_ids() -> Sequence[int]:
    return db.session.scalars(
        sa.select(Offer.id).where(Offer.status == OfferStatus.PUBLISHED).order_by(Offer.id)
    ).all()


def published_need_ids() -> Sequence[int]:
    return db.session.scalars(
        sa.select(Need.id).where(Need.status == NeedStatus.PUBLISHED).order_by(Need.id)
    ).all()


def stored_passages(
    subject: PassageOf, ids: Collection[int], fingerprint: str
) -> dict[int, list[StoredPassage]]:
    """Passages encoded by `fingerprint`, by subject and position; a subject without any is absent."""
    found: dict[int, list[StoredPassage]] = {}
    for some in batched(sorted(ids), IDS_A_QUERY):
        query = (
            sa.select(Embedding.subject_id, Embedding.position, Embedding.text_hash, Embedding.vector)
            .where(
                Embedding.subject == subject,
                Embedding.fingerprint == fingerprint,
                Embedding.subject_id.in_(some),
            )
            .order_by(Embedding.subject_id, Embedding.position)
        )
        for subject_id, position, text_hash, vector in db.session.execute(query):
            found.setdefault(subject_id, []).append(StoredPassage(position, text_hash, vector))
    return found


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Slices of at most `size`: a query takes a limited number of parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def get_run(need_id: int) -> MatchRun | None:
    """The latest run of a need with its proposals, None when it has never been matched."""
    query = (
        sa.select(MatchRun)
        .where(MatchRun.need_id == need_id)
        .order_by(MatchRun.id.desc())
        .limit(1)
        .options(
            selectinload(MatchRun.proposals).joinedload(Proposal.offer).joinedload(Offer.organisation),
        )
    )
    return db.session.scalars(query).one_or_none()


def _latest_run_ids() -> sa.Select[int]:
    return sa.select(sa.func.max(MatchRun.id)).group_by(MatchRun.need_id)


def proposals_of_organisations(organisation_ids: Collection[int]) -> Sequence[Proposal]:
    """Where the offers of these vendors stand in the latest run of each published need, best rank first."""
    query = (
        sa.select(Proposal)
        .join(Proposal.offer)
        .join(Proposal.run)
        .join(MatchRun.need)
        .where(
            Offer.organisation_id.in_(organisation_ids),
            Need.status == NeedStatus.PUBLISHED,
            MatchRun.id.in_(_latest_run_ids()),
        )
        .options(
            joinedload(Proposal.offer),
            joinedload(Proposal.run).joinedload(MatchRun.need).joinedload(Need.organisation),
        )
        .order_by(Proposal.rank, Need.published_at.desc(), Proposal.id)
    )
    return db.session.scalars(query).all()


def count_proposals() -> tuple[int, list[int]]:
    """Number of proposals in the latest runs, and the published needs whose latest run has none."""
    latest = _latest_run_ids()
    total = db.session.scalar(sa.select(sa.func.count(Proposal.id)).where(Proposal.run_id.in_(latest))) or 0
    served = sa.select(MatchRun.need_id).join(MatchRun.proposals).where(MatchRun.id.in_(latest))
    bare = (
        sa.select(Need.id)
        .where(Need.status == NeedStatus.PUBLISHED, Need.id.not_in(served))
        .order_by(Need.id)
    )
    return total, list(db.session.scalars(bare))


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
