"""Audit log: who did what to which object, and when. Rows are only ever added."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import CreatedAt, Id


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    id: Mapped[Id]
    at: Mapped[CreatedAt]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    object_type: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (sa.Index(None, "object_type", "object_id"), sa.Index(None, "at", "id"))
