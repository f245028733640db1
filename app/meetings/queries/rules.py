"""Reading the organiser's word on pairs."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.events.models import Delegation
from app.meetings.models import PairRule


def pair_rules_of(event_id: int) -> Sequence[PairRule]:
    query = (
        sa.select(PairRule)
        .where(PairRule.event_id == event_id)
        .options(
            joinedload(PairRule.administration).joinedload(Delegation.organisation),
            joinedload(PairRule.vendor).joinedload(Delegation.organisation),
            joinedload(PairRule.slot),
        )
    )
    return db.session.scalars(query.order_by(PairRule.kind, PairRule.id)).all()


def get_pair_rule(event_id: int, rule_id: int) -> PairRule:
    rule = db.session.get(PairRule, rule_id)
    if rule is None or rule.event_id != event_id:
        raise NotFound
    return rule


def find_pair_rule(administration_id: int, vendor_id: int) -> PairRule | None:
    query = sa.select(PairRule).filter_by(administration_id=administration_id, vendor_id=vendor_id)
    return db.session.scalars(query).one_or_none()
