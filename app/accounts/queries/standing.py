"""Reading what moderators have said."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.accounts.enums import Standing
from app.accounts.models import Organisation
from app.accounts.models.moderated import Moderated
from app.core.db import db
from app.core.i18n import gettext as _


def public_reason(thing: Moderated) -> str:
    """Why something that was public no longer is, for whoever comes by its address; "" when it never was."""
    if thing.standing not in (Standing.SUSPENDED, Standing.DELISTED):
        return ""
    return _("La modération a retiré cette page : %(reason)s", reason=thing.standing_reason)


def duplicates_of(organisation: Organisation) -> Sequence[Organisation]:
    """Other organisations of the same folded name; the database itself keeps identifiers apart."""
    query = sa.select(Organisation).where(
        Organisation.name_key == organisation.name_key, Organisation.id != organisation.id
    )
    return db.session.scalars(query.order_by(Organisation.id)).all()
