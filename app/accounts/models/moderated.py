"""What a moderator can hold back, return, suspend and delist: the same columns for each."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.enums import Standing
from app.core.db import stored_enum
from app.core.types import Text


class Moderated:
    """`standing_reason` is public. `under_review`: what its owner publishes waits for a moderator."""

    standing: Mapped[Standing] = mapped_column(stored_enum(Standing), default=Standing.ACTIVE)
    standing_reason: Mapped[Text]
    under_review: Mapped[bool] = mapped_column(default=False)

    @property
    def is_barred(self) -> bool:
        """Whether only a moderator may show it again."""
        return self.standing in (Standing.SUSPENDED, Standing.DELISTED, Standing.HELD)


def reason_given() -> sa.CheckConstraint:
    """Nobody is turned away without a reason."""
    return sa.CheckConstraint(
        "standing NOT IN ('returned', 'suspended', 'delisted') OR standing_reason <> ''", name="reason_given"
    )
