"""Reading the changes of name and identifier that wait."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.enums import AskState
from app.accounts.models import IdentityChange, Organisation
from app.core.db import db
from app.core.errors import NotFound
from app.permissions import Actor, Permission, require_visible


def waiting_identities() -> sa.Select[IdentityChange]:
    """Oldest first, with their organisation."""
    return (
        sa.select(IdentityChange)
        .where(IdentityChange.state == AskState.WAITING)
        .options(joinedload(IdentityChange.organisation))
        .order_by(IdentityChange.created_at, IdentityChange.id)
    )


def waiting_identity_of(organisation: Organisation) -> IdentityChange | None:
    query = waiting_identities().where(IdentityChange.organisation_id == organisation.id)
    return db.session.scalars(query).one_or_none()


def get_identity_change(actor: Actor, change_id: int) -> IdentityChange:
    require_visible(actor, Permission.SUBJECT_MODERATE)
    found = db.session.get(IdentityChange, change_id)
    if found is None:
        raise NotFound
    return found
