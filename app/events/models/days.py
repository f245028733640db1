"""The day of an event: what an organiser records while it runs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id
from app.events.enums import DayEventKind
from app.events.models.events import Delegation, event_key


class DayEvent(Base):
    """From an instant on: a delegation that does not come, that comes at `until_at` only, tables out of use
    (the highest numbers), or a delegation that joins. What has begun stays as it was."""

    __tablename__ = "day_event"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    kind: Mapped[DayEventKind] = mapped_column(stored_enum(DayEventKind))
    delegation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("delegation.id", ondelete="CASCADE"), index=True
    )
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    tables: Mapped[int | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]

    delegation: Mapped[Delegation | None] = relationship()

    def covers(self, moment: datetime) -> bool:
        """Whether what was recorded still holds for a slot that starts at this moment."""
        return self.from_at <= moment and (self.until_at is None or moment < self.until_at)

    __table_args__ = (
        sa.CheckConstraint("(kind = 'lost_tables') = (delegation_id IS NULL)", name="delegation"),
        sa.CheckConstraint("(kind = 'lost_tables') = (tables IS NOT NULL)", name="tables"),
        sa.CheckConstraint("tables IS NULL OR tables > 0", name="tables_positive"),
        sa.CheckConstraint("(kind = 'late') = (until_at IS NOT NULL)", name="until"),
        sa.CheckConstraint("until_at IS NULL OR from_at < until_at", name="period"),
    )
