"""${message}"""

import sqlalchemy as sa
from alembic import op

from app.core import db as types

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

# Tables whose rows this migration means to drop: losing one that is not named here undoes the whole run.
loses_on_upgrade: tuple[str, ...] = ()
loses_on_downgrade: tuple[str, ...] = ()


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
