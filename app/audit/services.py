"""Writing to the audit log, in the transaction of the change it tells of, or after that of a refusal."""

from typing import Any

from app.audit.models import AuditEntry
from app.core.db import Base, after_refusal, db
from app.permissions import Actor


def record(actor: Actor, action: str, subject: Base | None = None, **details: Any) -> None:
    """Add one entry; `details` must be JSON-serialisable. `subject` must already have its identifier."""
    db.session.add(_entry(actor, action, subject, details))


def record_refusal(actor: Actor, action: str, subject: Base | None = None, **details: Any) -> None:
    """Add one entry about what is being refused, once the transaction that is refused has been undone."""
    entry = _entry(actor, action, subject, details)
    after_refusal(lambda: db.session.add(entry))


def _entry(actor: Actor, action: str, subject: Base | None, details: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        actor_id=actor.user_id,
        action=action,
        object_type=subject.__tablename__ if subject is not None else "",
        object_id=getattr(subject, "id", None),
        details=details,
    )
