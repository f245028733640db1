"""What depends on each criterion, and what was done to one."""

from typing import NamedTuple

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.claims.models import Claim
from app.core.db import db
from app.moderation.queries.journal import JournalLine, named_lines
from app.needs.enums import NeedStatus
from app.needs.models import Need, NeedRequirement
from app.reference.models import Criterion


class Usage(NamedTuple):
    """Open needs that require a criterion, and claims made about it."""

    needs: int = 0
    claims: int = 0


def usage_by_criterion() -> dict[str, Usage]:
    """Criterion key -> what uses it; a criterion nothing uses is absent. Two queries."""
    needs = _counts(
        sa.select(NeedRequirement.criterion_key, sa.func.count())
        .join(NeedRequirement.need)
        .where(Need.status != NeedStatus.CLOSED)
        .group_by(NeedRequirement.criterion_key)
    )
    claims = _counts(
        sa.select(Criterion.key, sa.func.count())
        .join(Claim, Claim.attribute_key == Criterion.attribute_key)
        .group_by(Criterion.key)
    )
    return {key: Usage(needs.get(key, 0), claims.get(key, 0)) for key in needs.keys() | claims.keys()}


def _counts(query: "sa.Select[str, int]") -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def history_of_criterion(key: str) -> list[JournalLine]:
    """Its changes, oldest first; criteria are known by key, not by number."""
    query = sa.select(AuditEntry).where(
        AuditEntry.object_type == "criterion", AuditEntry.details["key"].as_string() == key
    )
    return named_lines(db.session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)).all())
