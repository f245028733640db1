"""Reading what was decided for a need, and what is still to be studied."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.doctrine.enums import Step
from app.doctrine.models import Consideration, DecisionNote, Determination, Development, StepClosing
from app.matchmaking.models import MatchRun, Proposal
from app.offers.enums import OfferKind
from app.offers.models import Offer

KINDS = {
    Step.MUTUALISE: (OfferKind.MUTUALISED,),
    Step.BUY: (OfferKind.MARKET, OfferKind.FREE_SOFTWARE),
}


def step_of(offer: Offer) -> Step:
    """The step at which a solution is studied: the State's own first."""
    return next(step for step, kinds in KINDS.items() if offer.kind in kinds)


def considerations_of(need_id: int) -> Sequence[Consideration]:
    query = (
        sa.select(Consideration)
        .where(Consideration.need_id == need_id)
        .options(
            joinedload(Consideration.offer).joinedload(Offer.organisation),
            joinedload(Consideration.decided_by),
        )
        .order_by(Consideration.step, Consideration.id)
    )
    return db.session.scalars(query).all()


def closings_of(need_id: int) -> dict[Step, StepClosing]:
    query = sa.select(StepClosing).where(StepClosing.need_id == need_id)
    query = query.options(joinedload(StepClosing.closed_by))
    return {Step(closing.step): closing for closing in db.session.scalars(query)}


def find_development(need_id: int) -> Development | None:
    return db.session.get(Development, need_id, options=(joinedload(Development.opened_by),))


def left_to_study(run: MatchRun | None, step: Step, recorded: Iterable[int]) -> list[Proposal]:
    """Serious proposals of a step about which nothing is recorded yet, in the order of the run."""
    done = set(recorded)
    proposals = run.proposals if run else []
    return [
        proposal
        for proposal in proposals
        if proposal.offer.kind in KINDS[step] and is_serious(proposal) and proposal.offer_id not in done
    ]


def is_serious(proposal: Proposal) -> bool:
    """Whether one has to say why it is not retained: all but what the engine itself holds to be off topic."""
    return proposal.explanation.get("fit") != "weak"


def determinations_of(need_id: int) -> Sequence[Determination]:
    """Every determination of a need, the latest first: that one counts."""
    query = sa.select(Determination).where(Determination.need_id == need_id)
    query = query.options(joinedload(Determination.recorded_by))
    return db.session.scalars(query.order_by(Determination.number.desc())).all()


def notes_of(need_id: int) -> Sequence[DecisionNote]:
    """Notes issued for a need, the latest first."""
    query = sa.select(DecisionNote).where(DecisionNote.need_id == need_id)
    query = query.options(joinedload(DecisionNote.issued_by))
    return db.session.scalars(query.order_by(DecisionNote.number.desc())).all()


def get_note(need_id: int, number: int) -> DecisionNote:
    """Raises NotFound."""
    query = sa.select(DecisionNote).filter_by(need_id=need_id, number=number)
    found = db.session.scalars(query.options(joinedload(DecisionNote.issued_by))).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_note_by_digest(digest: str) -> DecisionNote | None:
    return db.session.scalars(sa.select(DecisionNote).filter_by(digest=digest)).one_or_none()
