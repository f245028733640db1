"""Reading match runs and their proposals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.matchmaking.models import MatchRun, Proposal
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.offers.queries import published_offers


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


def proposes_one_of(need_id: int, organisations: Collection[int]) -> bool:
    """Whether the need's latest run proposes an offer of one of these vendors, with more than a weak fit."""
    latest = sa.select(sa.func.max(MatchRun.id)).where(MatchRun.need_id == need_id).scalar_subquery()
    query = sa.select(Proposal.explanation).join(Proposal.offer).where(Proposal.run_id == latest)
    found = db.session.scalars(query.where(Offer.organisation_id.in_(list(organisations))))
    return any(explanation.get("fit") != "weak" for explanation in found)


def latest_run_ids() -> sa.Select[int]:
    return sa.select(sa.func.max(MatchRun.id)).group_by(MatchRun.need_id)


@dataclass(frozen=True, slots=True)
class KeptOffer:
    """An offer that answers a need but for its criteria, as a run keeps it."""

    offer: Offer
    offer_version: int
    score: float
    explanation: Mapping[str, Any]


def kept_out_of(run: MatchRun | None) -> list[KeptOffer]:
    """What the criteria keep out of a run and is still published: best first within each kind."""
    kept = run.kept_out if run else []
    offers = {offer.id: offer for offer in published_offers([one["offer_id"] for one in kept])}
    return [
        KeptOffer(offers[one["offer_id"]], one["offer_version"], one["score"], one["explanation"])
        for one in kept
        if one["offer_id"] in offers
    ]


class OfferState(NamedTuple):
    """What may explain that an offer enters or leaves a list."""

    is_published: bool
    published_at: datetime | None
    updated_at: datetime


class OfferName(NamedTuple):
    name: str
    slug: str
    is_published: bool


def offer_names(ids: Collection[int]) -> dict[int, OfferName]:
    """Names of offers, published or not: of those a run once listed."""
    rows = db.session.execute(
        sa.select(Offer.id, Offer.name, Offer.slug, Offer.status).where(Offer.id.in_(list(ids)))
    )
    return {
        offer_id: OfferName(name, slug, status is OfferStatus.PUBLISHED)
        for offer_id, name, slug, status in rows
    }


def latest_lists() -> dict[int, tuple[int, str, Any]]:
    """Need -> version of the need, encoder and lists of its latest run."""
    columns = (MatchRun.need_id, MatchRun.need_version, MatchRun.fingerprint, MatchRun.lists)
    rows = db.session.execute(sa.select(*columns).where(MatchRun.id.in_(latest_run_ids())))
    return {need_id: (version, fingerprint, lists) for need_id, version, fingerprint, lists in rows}


def offer_states(ids: Collection[int]) -> dict[int, OfferState]:
    columns = (Offer.id, Offer.status, Offer.published_at, Offer.updated_at)
    rows = db.session.execute(sa.select(*columns).where(Offer.id.in_(list(ids))))
    return {
        offer_id: OfferState(status is OfferStatus.PUBLISHED, published_at, updated_at)
        for offer_id, status, published_at, updated_at in rows
    }


def count_proposals() -> tuple[int, list[int]]:
    """Number of proposals in the latest runs, and the published needs whose latest run has none."""
    latest = latest_run_ids()
    total = db.session.scalar(sa.select(sa.func.count(Proposal.id)).where(Proposal.run_id.in_(latest))) or 0
    served = sa.select(MatchRun.need_id).join(MatchRun.proposals).where(MatchRun.id.in_(latest))
    bare = (
        sa.select(Need.id)
        .where(Need.status == NeedStatus.PUBLISHED, Need.id.not_in(served))
        .order_by(Need.id)
    )
    return total, list(db.session.scalars(bare))
