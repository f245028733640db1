"""Reading a need's weights, and what evidence is worth for each objective."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.matchmaking.models import NeedWeight, ObjectiveEvidence


def weights_of(need_id: int) -> dict[str, int]:
    """Objective -> weight from 1 to 5, in the order of the keys; empty when the buyer set none."""
    query = (
        sa.select(NeedWeight.objective_key, NeedWeight.weight)
        .where(NeedWeight.need_id == need_id)
        .order_by(NeedWeight.objective_key)
    )
    return {row.objective_key: row.weight for row in db.session.execute(query)}


def weighed_needs() -> set[int]:
    """Needs whose buyer gave weights."""
    return set(db.session.scalars(sa.select(NeedWeight.need_id).distinct()))


def evidence_rules() -> Sequence[ObjectiveEvidence]:
    """By objective, what counts most first."""
    query = (
        sa.select(ObjectiveEvidence)
        .options(joinedload(ObjectiveEvidence.criterion))
        .order_by(ObjectiveEvidence.objective_key, ObjectiveEvidence.share.desc(), ObjectiveEvidence.id)
    )
    return db.session.scalars(query).all()
