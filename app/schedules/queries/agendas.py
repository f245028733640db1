"""The personal agenda: meetings of the published schedule and sessions, from one organisation's side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.text import search_key
from app.events.enums import EventStatus
from app.events.models import Delegation, Event, Slot
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession, Invitation
from app.schedules.models import Meeting
from app.schedules.queries.versions import published_meetings_of


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One engagement of one organisation: when, where, with whom. `table` and `room` are 0-based."""

    uid: str
    organisation_id: int
    event: Event
    slot: Slot
    partners: tuple[str, ...]
    theme: str = ""
    table: int | None = None
    room: int | None = None

    @property
    def starts_at(self) -> datetime:
        return self.slot.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.slot.ends_at


def agenda_of(organisation_ids: Collection[int], event_id: int | None = None) -> list[AgendaItem]:
    """Engagements of these organisations in the order of time, at one event or at all."""
    items = [
        item
        for meeting in published_meetings_of(organisation_ids, event_id)
        for item in _of_meeting(meeting, organisation_ids)
    ]
    for session in _sessions_of(organisation_ids, event_id):
        items += _of_session(session, organisation_ids)
    return sorted(items, key=lambda item: (item.starts_at, item.uid))


def _of_meeting(meeting: Meeting, organisation_ids: Collection[int]) -> list[AgendaItem]:
    pair = (meeting.administration, meeting.vendor)
    return [
        AgendaItem(
            uid=f"rencontre-{mine.id}-{other.id}",
            organisation_id=mine.organisation_id,
            event=meeting.version.event,
            slot=meeting.slot,
            partners=(other.organisation.name,),
            table=meeting.table,
        )
        for mine, other in (pair, pair[::-1])
        if mine.organisation_id in organisation_ids
    ]


def _of_session(session: GroupSession, organisation_ids: Collection[int]) -> list[AgendaItem]:
    accepted = [i.vendor for i in session.invitations if i.state is InvitationState.ACCEPTED]
    host = session.host
    guests = tuple(sorted((vendor.organisation.name for vendor in accepted), key=search_key))
    views = [(host, guests), *((vendor, (host.organisation.name,)) for vendor in accepted)]
    return [
        AgendaItem(
            uid=f"session-{session.id}-{mine.id}",
            organisation_id=mine.organisation_id,
            event=session.event,
            slot=session.slot,
            partners=partners,
            theme=session.theme,
            room=session.room,
        )
        for mine, partners in views
        if mine.organisation_id in organisation_ids
    ]


def _sessions_of(organisation_ids: Collection[int], event_id: int | None) -> list[GroupSession]:
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    accepted = sa.select(Invitation.session_id).where(
        Invitation.vendor_id.in_(mine), Invitation.state == InvitationState.ACCEPTED
    )
    query = (
        sa.select(GroupSession)
        .join(GroupSession.slot)
        .join(GroupSession.event)
        .where(
            Event.status != EventStatus.DRAFT,
            sa.or_(GroupSession.host_id.in_(mine), GroupSession.id.in_(accepted)),
        )
        .options(
            contains_eager(GroupSession.slot),
            contains_eager(GroupSession.event),
            joinedload(GroupSession.host).joinedload(Delegation.organisation),
            selectinload(GroupSession.invitations)
            .joinedload(Invitation.vendor)
            .joinedload(Delegation.organisation),
        )
    )
    if event_id is not None:
        query = query.where(GroupSession.event_id == event_id)
    return list(db.session.scalars(query.order_by(Slot.starts_at, GroupSession.id)))
