"""Reading match runs and their proposals."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.matchmaking.models import MatchRun, Proposal
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.models import Offer


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
