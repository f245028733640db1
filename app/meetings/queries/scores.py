"""What matching says of two participants."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from app.core.db import db
from app.events.enums import Side
from app.events.models import Delegation
from app.matchmaking.models import MatchRun, Proposal
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer


def _latest_runs() -> sa.Select[int]:
    return sa.select(sa.func.max(MatchRun.id)).group_by(MatchRun.need_id)


def _shares() -> sa.Subquery:
    """Every proposal of a market offer with its score as a share of the best one of its run.

    A score has no maximum: 3.3 and 15.1 are both high, and mean something only beside those of one need."""
    top = sa.func.max(Proposal.score).over(partition_by=Proposal.run_id)
    share = sa.case((sa.and_(top > 0, Proposal.score > 0), Proposal.score / top), else_=0.0)
    return (
        sa.select(Proposal.run_id, Proposal.offer_id, share.label("share"))
        .join(Offer, Offer.id == Proposal.offer_id)
        .where(Offer.kind == OfferKind.MARKET)
        .subquery()
    )


def find_score(need_id: int, offer_id: int) -> float | None:
    """Score of the offer in the need's latest match run as a share, 0 to 1, of the best market offer's; None
    where it was not proposed."""
    latest = sa.select(sa.func.max(MatchRun.id)).where(MatchRun.need_id == need_id).scalar_subquery()
    shares = _shares()
    query = sa.select(shares.c.share).where(shares.c.run_id == latest, shares.c.offer_id == offer_id)
    return db.session.scalars(query).one_or_none()


def pair_scores(event_id: int) -> dict[tuple[int, int], float]:
    """(administration, vendor) delegations -> best share (see `find_score`) between a published need of the
    one and a published offer of the other, from the latest runs."""
    administration, vendor, shares = aliased(Delegation), aliased(Delegation), _shares()
    query = (
        sa.select(administration.id, vendor.id, sa.func.max(shares.c.share))
        .select_from(shares)
        .join(MatchRun, MatchRun.id == shares.c.run_id)
        .join(Need, Need.id == MatchRun.need_id)
        .join(Offer, Offer.id == shares.c.offer_id)
        .join(administration, administration.organisation_id == Need.organisation_id)
        .join(vendor, vendor.organisation_id == Offer.organisation_id)
        .where(
            MatchRun.id.in_(_latest_runs()),
            Need.status == NeedStatus.PUBLISHED,
            Offer.status == OfferStatus.PUBLISHED,
            administration.event_id == event_id,
            administration.side == Side.ADMINISTRATION,
            vendor.event_id == event_id,
            vendor.side == Side.VENDOR,
        )
        .group_by(administration.id, vendor.id)
    )
    return {(a, v): share for a, v, share in db.session.execute(query)}


def suggested_vendors(event_id: int, host: Delegation | None) -> list[tuple[Delegation, float]]:
    """Vendor delegations of the event with their score for the host's published needs, the best first."""
    scores = pair_scores(event_id) if host is not None else {}
    query = sa.select(Delegation).filter_by(event_id=event_id, side=Side.VENDOR)
    vendors = db.session.scalars(query.options(joinedload(Delegation.organisation))).all()
    scored = [(vendor, scores.get((host.id if host else 0, vendor.id), 0.0)) for vendor in vendors]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].organisation.name_key))
