"""What is shown for a claim: documents, kept by their hash, and addresses."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.claims.enums import MediaType, Visibility
from app.core.db import Base, stored_enum
from app.core.types import CreatedAt, Id, Label


class Evidence(Base):
    """A document (`sha256`) or an address (`url`) about a claim, or against it (`contest_id`).

    Nothing is deleted: what was removed or replaced stays as history, with its file, because a moderator may
    have decided upon it.

    `examined_at`: a decision was taken with it at hand. `scanned_at`: an antivirus found nothing in it."""

    __tablename__ = "evidence"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(sa.ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    contest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    title: Mapped[Label]
    url: Mapped[str | None] = mapped_column(sa.String(500))
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    media_type: Mapped[MediaType | None] = mapped_column(stored_enum(MediaType))
    size: Mapped[int | None]
    pages: Mapped[int | None]
    visibility: Mapped[Visibility] = mapped_column(stored_enum(Visibility), default=Visibility.RESTRICTED)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    added_at: Mapped[CreatedAt]
    scanned_at: Mapped[datetime | None]
    examined_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evidence.id"))

    __table_args__ = (
        sa.CheckConstraint("(url IS NULL) <> (sha256 IS NULL)", name="file_or_address"),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (media_type IS NULL) AND (sha256 IS NULL) = (size IS NULL)", name="file"
        ),
        sa.CheckConstraint("size IS NULL OR size > 0", name="size"),
        sa.CheckConstraint("replaced_by_id IS NULL OR removed_at IS NOT NULL", name="replaced"),
        sa.Index(
            "uq_evidence_file",
            "claim_id",
            "sha256",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL AND contest_id IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND contest_id IS NULL"),
        ),
    )

    @property
    def is_current(self) -> bool:
        return self.removed_at is None

    @property
    def is_file(self) -> bool:
        return self.sha256 is not None

    @property
    def identity(self) -> str:
        """What makes it the same piece elsewhere: its content, or its address."""
        return self.sha256 or self.url or ""
