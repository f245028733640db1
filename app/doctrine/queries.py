"""Reading what was decided for a need, and what is still to be studied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.doctrine.enums import Step
from app.doctrine.models import Consideration, DecisionNote, Determination, Development, StepClosing
from app.matchmaking.models import MatchRun
from app.matchmaking.queries.runs import kept_out_of
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


@dataclass(frozen=True, slots=True)
class ToStudy:
    """A solution on which nothing is recorded yet, and the outcomes of the criteria that it lacks."""

    offer: Offer
    lacking: tuple[Mapping[str, Any], ...] = ()


def left_to_study(run: MatchRun | None, step: Step, recorded: Iterable[int]) -> list[ToStudy]:
    """Serious solutions of a step about which nothing is recorded yet, best first. The State's are studied
    whatever the criteria: what one lacks is a reason to give, not a silence."""
    done = set(recorded)
    found = [
        (proposal.score, ToStudy(proposal.offer))
        for proposal in (run.proposals if run else [])
        if proposal.offer.kind in KINDS[step] and is_serious(proposal.explanation)
    ]
    if step is Step.MUTUALISE:
        found += [
            (one.score, ToStudy(one.offer, tuple(one.explanation["outcomes"])))
            for one in kept_out_of(run)
            if one.offer.kind in KINDS[step] and is_serious(one.explanation)
        ]
    found.sort(key=lambda pair: -pair[0])
    return [one for _score, one in found if one.offer.id not in done]


def is_serious(explanation: Mapping[str, Any]) -> bool:
    """Whether one has to say why it is not retained: all but what the engine itself holds to be off topic."""
    return explanation.get("fit") != "weak"


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
