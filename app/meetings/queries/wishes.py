"""Reading wishes for meetings."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.events.enums import Side
from app.events.models import Delegation, Event
from app.meetings.enums import RequestState
from app.meetings.models import MeetingRequest
from app.permissions import Actor, Permission, can

_BOTH = (
    joinedload(MeetingRequest.administration).joinedload(Delegation.organisation),
    joinedload(MeetingRequest.vendor).joinedload(Delegation.organisation),
)


def requests_of_event(event_id: int) -> Sequence[MeetingRequest]:
    query = sa.select(MeetingRequest).where(MeetingRequest.event_id == event_id).options(*_BOTH)
    loaded = query.options(joinedload(MeetingRequest.need), joinedload(MeetingRequest.offer))
    return db.session.scalars(loaded.order_by(MeetingRequest.created_at, MeetingRequest.id)).all()


def requests_involving(organisation_ids: Collection[int]) -> Sequence[MeetingRequest]:
    """Requests sent or received by these organisations, the newest first."""
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    query = (
        sa.select(MeetingRequest)
        .where(sa.or_(MeetingRequest.administration_id.in_(mine), MeetingRequest.vendor_id.in_(mine)))
        .options(*_BOTH, joinedload(MeetingRequest.event).selectinload(Event.slots))
        .options(joinedload(MeetingRequest.need), joinedload(MeetingRequest.offer))
    )
    newest = query.order_by(MeetingRequest.created_at.desc(), MeetingRequest.id.desc())
    return db.session.scalars(newest).all()


def asks_one_of(need_id: int, organisations: Collection[int]) -> bool:
    """Whether the need's administration asked one of these vendors to a meeting about it and did not take it
    back, or accepted one that the vendor asked."""
    asked = sa.and_(
        MeetingRequest.requested_by == Side.ADMINISTRATION, MeetingRequest.state != RequestState.WITHDRAWN
    )
    willing = sa.or_(asked, MeetingRequest.state == RequestState.ACCEPTED)
    query = (
        sa.select(MeetingRequest.id)
        .join(Delegation, Delegation.id == MeetingRequest.vendor_id)
        .where(MeetingRequest.need_id == need_id, willing)
        .where(Delegation.organisation_id.in_(list(organisations)))
    )
    return db.session.scalar(query.limit(1)) is not None


def get_request(actor: Actor, request_id: int) -> MeetingRequest:
    """A request of which the actor's organisation is one side, or at an event that they run."""
    request = db.session.get(MeetingRequest, request_id, options=[*_BOTH, joinedload(MeetingRequest.event)])
    if request is None:
        raise NotFound
    sides = {request.administration.organisation_id, request.vendor.organisation_id}
    if not (can(actor, Permission.EVENT_MANAGE, on=request.event) or sides & actor.organisations()):
        raise NotFound
    return request


def find_request(administration_id: int, vendor_id: int) -> MeetingRequest | None:
    query = sa.select(MeetingRequest).filter_by(administration_id=administration_id, vendor_id=vendor_id)
    return db.session.scalars(query).one_or_none()


def pending_requests_count(event_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(MeetingRequest)
    return db.session.scalar(query.filter_by(event_id=event_id, state=RequestState.PENDING)) or 0
