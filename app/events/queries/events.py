"""Reading events and their slots."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.events.enums import UNDER_WAY, EventStatus
from app.events.models import Delegation, Event, Slot
from app.permissions import Actor, Permission, can


def events_visible_to(actor: Actor) -> Sequence[Event]:
    """Events the actor may see, the latest first, with their slots; drafts only for organisers."""
    first_slot = sa.select(sa.func.min(Slot.starts_at)).where(Slot.event_id == Event.id).scalar_subquery()
    query = (
        sa.select(Event)
        .options(selectinload(Event.slots))
        .order_by(first_slot.desc().nulls_last(), Event.id.desc())
    )
    if not can(actor, Permission.EVENT_MANAGE):
        query = query.where(Event.status != EventStatus.DRAFT)
    return db.session.scalars(query).all()


def get_event(actor: Actor, slug: str) -> Event:
    """The event with its slots; a draft does not exist for those who do not organise."""
    event = db.session.scalars(
        sa.select(Event).where(Event.slug == slug).options(selectinload(Event.slots))
    ).one_or_none()
    if event is None or (event.status is EventStatus.DRAFT and not can(actor, Permission.EVENT_MANAGE)):
        raise NotFound
    return event


def takes_wishes() -> sa.ColumnElement[bool]:
    """`Event.takes_wishes` for the database."""
    return Event.status.in_(UNDER_WAY) & Event.slots.any(Slot.ends_at > now())


def open_events_of(organisation_ids: frozenset[int]) -> Sequence[Event]:
    """Events to come that take wishes and where one of these organisations has a delegation."""
    present = sa.select(Delegation.event_id).where(Delegation.organisation_id.in_(organisation_ids))
    query = sa.select(Event).where(Event.id.in_(present), takes_wishes())
    return db.session.scalars(query.options(selectinload(Event.slots)).order_by(Event.id)).all()


def events_shared_by(one: int, other: int) -> Sequence[Event]:
    """Open events at which both organisations have a delegation."""
    mine = {event.id: event for event in open_events_of(frozenset({one}))}
    theirs = {event.id for event in open_events_of(frozenset({other}))}
    return [event for event_id, event in mine.items() if event_id in theirs]
