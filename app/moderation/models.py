"""Imports asked for: the file, what became of each of its rows, and the job that reads it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, stored_enum
from app.core.jobs import Job
from app.core.types import CreatedAt, Id
from app.moderation.enums import ImportKind


class ImportRun(Base):
    """One reading of a file, on trial (`dry_run`) or for good; `data` leaves once it has been imported."""

    __tablename__ = "import_run"

    id: Mapped[Id]
    kind: Mapped[ImportKind] = mapped_column(stored_enum(ImportKind))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    dry_run: Mapped[bool]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), unique=True)
    requested_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    created_at: Mapped[CreatedAt]

    job: Mapped[Job] = relationship()
