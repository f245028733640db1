"""Personal agendas: meetings of the published schedule and sessions, from one organisation's side."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.text import search_key
from app.events.enums import EventStatus
from app.events.models import Delegation, Event
from app.events.queries.delegations import delegations_of
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession, Invitation
from app.schedules.enums import VersionState
from app.schedules.models import Meeting, Placement, ScheduleVersion


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement of one organisation: when, where, with whom. `table` and `room` are 0-based.

    `uid` never changes; `sequence` and `changed_at` move with each change that was published."""

    uid: str
    organisation_id: int
    event_slug: str
    event_name: str
    place: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    partners: tuple[str, ...]
    sequence: int
    changed_at: datetime
    theme: str = ""
    table: int | None = None
    room: int | None = None
    is_cancelled: bool = False
    meeting_id: int | None = None
    delegation_id: int = 0

    def same_place(self, other: "Engagement") -> bool:
        """Whether nothing that people were told of it differs."""
        mine, theirs = (
            (one.starts_at, one.ends_at, one.place, one.timezone, one.table, one.room, one.is_cancelled)
            for one in (self, other)
        )
        return mine == theirs


def agenda_of(
    organisation_ids: Collection[int], event_id: int | None = None, *, cancelled_since: datetime | None = None
) -> list[Engagement]:
    """Engagements of these organisations in the order of time, at one event or at all; also those cancelled
    since a moment, where it is given."""
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    found: list[Engagement] = []
    for placement in _placements(mine, event_id, cancelled_since):
        found += _of_meeting(placement, organisation_ids)
    for session in _sessions(mine, event_id, cancelled_since):
        found += _of_session(session, organisation_ids, cancelled_since)
    return sorted(found, key=lambda item: (item.starts_at, item.uid))


def agenda_of_event(event_id: int) -> list[Engagement]:
    """What each delegation of the event holds."""
    return agenda_of({item.organisation_id for item in delegations_of(event_id)}, event_id)


def _placements(
    mine: sa.Select[int], event_id: int | None, cancelled_since: datetime | None
) -> Iterable[Placement]:
    """The published placement of each meeting that stands; the last one published of each cancelled."""
    stands = sa.and_(ScheduleVersion.state == VersionState.PUBLISHED, Meeting.withdrawn_at.is_(None))
    shown = stands if cancelled_since is None else sa.or_(stands, Meeting.withdrawn_at >= cancelled_since)
    query = (
        sa.select(Placement)
        .join(Placement.version)
        .join(Placement.meeting)
        .where(
            shown,
            ScheduleVersion.published_at.is_not(None),
            sa.or_(Placement.administration_id.in_(mine), Placement.vendor_id.in_(mine)),
        )
        .options(
            contains_eager(Placement.version)
            .joinedload(ScheduleVersion.event)
            .load_only(Event.slug, Event.name),
            contains_eager(Placement.meeting),
            joinedload(Placement.administration).load_only(Delegation.organisation_id),
            joinedload(Placement.vendor).load_only(Delegation.organisation_id),
        )
    )
    if event_id is not None:
        query = query.where(ScheduleVersion.event_id == event_id)
    rows = db.session.scalars(query.order_by(ScheduleVersion.number, Placement.id))
    return {placement.meeting_id: placement for placement in rows}.values()


def _of_meeting(placement: Placement, organisation_ids: Collection[int]) -> Iterator[Engagement]:
    told, meeting = placement.version.told, placement.meeting
    sides = (
        (placement.administration, placement.vendor_name),
        (placement.vendor, placement.administration_name),
    )
    for delegation, partner in sides:
        if delegation.organisation_id in organisation_ids and told is not None:
            yield Engagement(
                uid=f"rencontre-{meeting.id}-{delegation.id}",
                organisation_id=delegation.organisation_id,
                event_slug=placement.version.event.slug,
                event_name=told.name,
                place=told.place,
                timezone=told.timezone,
                starts_at=placement.starts_at,
                ends_at=placement.ends_at,
                partners=(partner,),
                sequence=meeting.sequence,
                changed_at=meeting.changed_at or placement.version.created_at,
                table=placement.table,
                is_cancelled=meeting.withdrawn_at is not None,
                meeting_id=meeting.id,
                delegation_id=delegation.id,
            )


def _sessions(
    mine: sa.Select[int], event_id: int | None, cancelled_since: datetime | None
) -> Iterable[GroupSession]:
    stands = GroupSession.cancelled_at.is_(None)
    seen = sa.select(Invitation.session_id).where(Invitation.vendor_id.in_(mine), Invitation.was_accepted)
    query = (
        sa.select(GroupSession)
        .join(GroupSession.event)
        .where(
            Event.status != EventStatus.DRAFT,
            stands
            if cancelled_since is None
            else sa.or_(stands, GroupSession.cancelled_at >= cancelled_since),
            sa.or_(GroupSession.host_id.in_(mine), GroupSession.id.in_(seen)),
        )
        .options(
            contains_eager(GroupSession.event),
            joinedload(GroupSession.host).joinedload(Delegation.organisation),
            selectinload(GroupSession.invitations)
            .joinedload(Invitation.vendor)
            .joinedload(Delegation.organisation),
        )
    )
    if event_id is not None:
        query = query.where(GroupSession.event_id == event_id)
    return db.session.scalars(query.order_by(GroupSession.starts_at, GroupSession.id))


def _of_session(
    session: GroupSession, organisation_ids: Collection[int], cancelled_since: datetime | None
) -> Iterator[Engagement]:
    """The host's engagement, and that of each vendor who accepted or, while it is told, had accepted."""
    accepted = [i for i in session.invitations if i.state is InvitationState.ACCEPTED]
    guests = tuple(sorted((i.vendor.organisation.name for i in accepted), key=search_key))
    if session.host.organisation_id in organisation_ids:
        yield _seat(session, session.host, guests, session.sequence, session.changed_at)
    for item in session.invitations:
        left = item.was_accepted and item.state is not InvitationState.ACCEPTED
        is_told = item in accepted or (
            left and cancelled_since is not None and item.changed_at >= cancelled_since
        )
        if is_told and item.vendor.organisation_id in organisation_ids:
            sequence = session.sequence + item.sequence
            moment = max(session.changed_at, item.changed_at)
            host = (session.host.organisation.name,)
            yield _seat(session, item.vendor, host, sequence, moment, has_left=left)


def _seat(
    session: GroupSession,
    delegation: Delegation,
    partners: tuple[str, ...],
    sequence: int,
    changed_at: datetime,
    *,
    has_left: bool = False,
) -> Engagement:
    return Engagement(
        uid=f"session-{session.id}-{delegation.id}",
        organisation_id=delegation.organisation_id,
        event_slug=session.event.slug,
        event_name=session.event.name,
        place=session.event.place,
        timezone=session.event.timezone,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        partners=partners,
        sequence=sequence,
        changed_at=changed_at,
        theme=session.theme,
        room=session.room,
        is_cancelled=has_left or session.cancelled_at is not None,
        delegation_id=delegation.id,
    )
