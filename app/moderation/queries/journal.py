"""Reading the audit log with the names of who acted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.core.db import db
from app.core.folded import matching_words
from app.core.paging import FIRST, Asked, Part, part_of

IMPORT_ACTION = "import.run"


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What a page of the log keeps; empty texts keep everything."""

    action: str = ""
    object_type: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class JournalLine:
    entry: AuditEntry
    actor_name: str  # empty for the portal itself


def list_entries(keep: JournalFilter, *, asked: Asked = FIRST, size: int = 50) -> Part[JournalLine]:
    """Newest first."""
    part = part_of(_kept(keep), AuditEntry.at, AuditEntry.id, asked=asked, size=size, descending=True)
    return replace(part, items=named_lines(part.items))


def entries_about(object_type: str, object_id: int) -> list[JournalLine]:
    """The whole history of one object, oldest first."""
    query = sa.select(AuditEntry).where(
        AuditEntry.object_type == object_type, AuditEntry.object_id == object_id
    )
    return named_lines(db.session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)).all())


def recorded_actions() -> Sequence[str]:
    return db.session.scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def recorded_object_types() -> Sequence[str]:
    query = sa.select(AuditEntry.object_type).where(AuditEntry.object_type != "").distinct()
    return db.session.scalars(query.order_by(AuditEntry.object_type)).all()


def name_of(user_id: int | None) -> str:
    """Name of a person, or empty for the portal itself."""
    return _names([user_id] if user_id is not None else []).get(user_id or 0, "")


def _kept(keep: JournalFilter) -> sa.Select[AuditEntry]:
    query = sa.select(AuditEntry)
    if keep.action:
        query = query.where(AuditEntry.action == keep.action)
    if keep.object_type:
        query = query.where(AuditEntry.object_type == keep.object_type)
    if keep.person:
        person = sa.select(User.id).where(*matching_words(User.search_text, keep.person))
        query = query.where(AuditEntry.actor_id.in_(person))
    return query


def named_lines(entries: Sequence[AuditEntry]) -> list[JournalLine]:
    """With the names of who acted, in one query."""
    names = _names({entry.actor_id for entry in entries if entry.actor_id is not None})
    return [JournalLine(entry, names.get(entry.actor_id or 0, "")) for entry in entries]


def _names(user_ids: Iterable[int]) -> dict[int, str]:
    query = sa.select(User.id, User.name).where(User.id.in_(list(user_ids)))
    return {row.id: row.name for row in db.session.execute(query)}
