"""What a domain's versions and drafts are made of. Each domain declares its own two tables with these mixins,
so that a foreign key says which version was seen."""

from datetime import datetime
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models import User
from app.content.enums import Nature
from app.core.db import stored_enum
from app.core.immutable import IMMUTABLE
from app.core.types import CreatedAt, Text


class Revised(Protocol):
    """What several people may write. `revision`: grows with every change of the row or of its draft; the
    column SQLAlchemy watches for a second editor."""

    revision: Any


class Identity(Revised, Protocol):
    """What stays while the content changes. Its other columns are the projection of the published content
    (of the draft, before the first publication).

    `version`: number of the latest published version, 0 before the first."""

    id: Any
    version: Any
    updated_at: Any


class VersionRow:
    """One published content, whole, with who, when and why. Never changed: the database refuses it."""

    thing: ClassVar[str]

    @declared_attr
    def thing_id(cls) -> Mapped[int]:  # noqa: N805 - called on the class
        return mapped_column(sa.ForeignKey(f"{cls.thing}.id"), primary_key=True, autoincrement=False)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]]
    nature: Mapped[Nature] = mapped_column(stored_enum(Nature))
    note: Mapped[Text]
    at: Mapped[CreatedAt]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    @declared_attr
    def author(cls) -> Mapped[User | None]:  # noqa: N805 - called on the class
        return relationship(User)

    @declared_attr.directive
    def __table_args__(cls) -> Any:  # noqa: N805 - called on the class
        return (sa.CheckConstraint("number > 0", name="number"), {"info": {IMMUTABLE: True}})


class DraftRow:
    """What is being written beside the published version: one for each thing, shared by its editors."""

    thing: ClassVar[str]

    @declared_attr
    def thing_id(cls) -> Mapped[int]:  # noqa: N805 - called on the class
        return mapped_column(
            sa.ForeignKey(f"{cls.thing}.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )

    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    @declared_attr
    def saved_by(cls) -> Mapped[User | None]:  # noqa: N805 - called on the class
        return relationship(User)
