"""The day of an event: what an organiser records while it runs."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id
from app.events.enums import DayEventKind
from app.events.models.events import Delegation, Slot, event_key


class DayEvent(Base):
    """From `slot` on: a delegation that does not come, that comes at `until` only, tables out of use (the
    highest numbers), or a delegation that joins. What has begun stays as it was."""

    __tablename__ = "day_event"

    id: Mapped[Id]
    event_id: Mapped[int] = event_key()
    kind: Mapped[DayEventKind] = mapped_column(stored_enum(DayEventKind))
    delegation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("delegation.id", ondelete="CASCADE"), index=True
    )
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id", ondelete="CASCADE"))
    until_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slot.id", ondelete="CASCADE"))
    tables: Mapped[int | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[CreatedAt]

    delegation: Mapped[Delegation | None] = relationship()
    slot: Mapped[Slot] = relationship(foreign_keys=slot_id)
    until: Mapped[Slot | None] = relationship(foreign_keys=until_id)

    __table_args__ = (
        sa.CheckConstraint("(kind = 'lost_tables') = (delegation_id IS NULL)", name="delegation"),
        sa.CheckConstraint("(kind = 'lost_tables') = (tables IS NOT NULL)", name="tables"),
        sa.CheckConstraint("tables IS NULL OR tables > 0", name="tables_positive"),
        sa.CheckConstraint("(kind = 'late') = (until_id IS NOT NULL)", name="until"),
    )
