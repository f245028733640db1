"""Reading the audit log."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.db import db


def latest_entries(*, action: str = "", limit: int = 50, offset: int = 0) -> Sequence[AuditEntry]:
    """Newest first; `action` keeps the entries whose action starts with it."""
    query = sa.select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def count_entries(*, action: str = "") -> int:
    query = sa.select(sa.func.count(AuditEntry.id))
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    return db.session.scalar(query) or 0
