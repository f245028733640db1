"""Writing to the audit log, in the transaction of the change it tells of."""

from typing import Any

from app.audit.models import AuditEntry
from app.core.db import Base, db
from app.permissions import Actor


def record(actor: Actor, action: str, subject: Base | None = None, **details: Any) -> None:
    """Add one entry; `details` must be JSON-serialisable. `subject` must already have its identifier."""
    db.session.add(
        AuditEntry(
            actor_id=actor.user_id,
            action=action,
            object_type=subject.__tablename__ if subject is not None else "",
            object_id=getattr(subject, "id", None),
            details=details,
        )
    )
