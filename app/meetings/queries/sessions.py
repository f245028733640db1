"""Reading sessions and the invitations to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.events.models import Delegation, Event
from app.meetings.models import GroupSession, Invitation
from app.permissions import Actor, Permission, can


def sessions_of(event_id: int) -> Sequence[GroupSession]:
    """Sessions in the order of the day, with host, slot and invited vendors."""
    query = (
        sa.select(GroupSession)
        .where(GroupSession.event_id == event_id, GroupSession.cancelled_at.is_(None))
        .options(
            joinedload(GroupSession.host).joinedload(Delegation.organisation),
            selectinload(GroupSession.invitations)
            .joinedload(Invitation.vendor)
            .joinedload(Delegation.organisation),
        )
    )
    return db.session.scalars(query.order_by(GroupSession.starts_at, GroupSession.room)).all()


def sessions_cancelled_at(event_id: int, moment: datetime) -> Sequence[GroupSession]:
    query = sa.select(GroupSession).filter_by(event_id=event_id, cancelled_at=moment)
    return db.session.scalars(query.order_by(GroupSession.id)).all()


def get_session(session_id: int) -> GroupSession:
    found = db.session.get(GroupSession, session_id, options=[joinedload(GroupSession.event)])
    if found is None:
        raise NotFound
    return found


def get_invitation(actor: Actor, session_id: int, vendor_id: int) -> Invitation:
    """An invitation of the actor's own organisation; others do not exist for them."""
    invitation = db.session.get(Invitation, (session_id, vendor_id))
    if invitation is None:
        raise NotFound
    if not can(actor, Permission.SESSION_ANSWER, on=invitation.vendor):
        raise NotFound
    return invitation


def invitations_of(organisation_ids: Collection[int]) -> Sequence[Invitation]:
    """Invitations to sessions received by these organisations, the newest session first."""
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    session = joinedload(Invitation.session)
    query = (
        sa.select(Invitation)
        .where(Invitation.vendor_id.in_(mine), Invitation.session.has(GroupSession.cancelled_at.is_(None)))
        .options(
            session.joinedload(GroupSession.event).load_only(Event.slug, Event.name, Event.timezone),
            session.joinedload(GroupSession.host).joinedload(Delegation.organisation),
            joinedload(Invitation.vendor).joinedload(Delegation.organisation),
        )
    )
    return db.session.scalars(query.order_by(Invitation.session_id.desc(), Invitation.vendor_id)).all()
