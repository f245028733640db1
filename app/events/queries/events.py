"""Reading events and their slots."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from app.accounts.models import User
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.events.enums import LIVE, EventStatus
from app.events.models import Delegation, Event, EventTeamMember, Slot
from app.permissions import Actor, Permission, Role, can, may_somewhere, require_visible


def events_visible_to(actor: Actor) -> Sequence[Event]:
    """Events the actor may see, the latest first, with their slots; drafts only for who runs them."""
    visible = sa.or_(Event.status != EventStatus.DRAFT, run_by(actor))
    return db.session.scalars(_latest_first().where(visible)).all()


def events_run_by(actor: Actor) -> Sequence[Event]:
    """Events the actor runs, the latest first, with their slots."""
    return db.session.scalars(_latest_first().where(run_by(actor))).all()


def run_by(actor: Actor) -> sa.ColumnElement[bool]:
    """`can(actor, EVENT_MANAGE, on=event)` for the database."""
    if actor.is_system or not may_somewhere(actor, Permission.EVENT_MANAGE):
        return sa.true() if actor.is_system else sa.false()
    member = Event.team.any(EventTeamMember.user_id == actor.user_id)
    return member | Event.organisation_id.in_(actor.managed(Role.ORGANISER))


def _latest_first() -> sa.Select[Event]:
    first_slot = sa.select(sa.func.min(Slot.starts_at)).where(Slot.event_id == Event.id).scalar_subquery()
    return (
        sa.select(Event)
        .options(selectinload(Event.slots))
        .order_by(first_slot.desc().nulls_last(), Event.id.desc())
    )


def get_event(actor: Actor, slug: str) -> Event:
    """The event with its slots; a draft does not exist for those who do not run it."""
    event = db.session.scalars(
        sa.select(Event).where(Event.slug == slug).options(selectinload(Event.slots))
    ).one_or_none()
    if event is None or (
        event.status is EventStatus.DRAFT and not can(actor, Permission.EVENT_MANAGE, on=event)
    ):
        raise NotFound
    return event


def get_event_to_run(actor: Actor, slug: str) -> Event:
    """The event, as if it did not exist for who does not run it."""
    event = get_event(actor, slug)
    require_visible(actor, Permission.EVENT_MANAGE, on=event)
    return event


def team_of(event: Event) -> Sequence[EventTeamMember]:
    """Its team with their accounts, by name."""
    query = sa.select(EventTeamMember).join(EventTeamMember.user).where(EventTeamMember.event_id == event.id)
    loaded = query.options(contains_eager(EventTeamMember.user)).order_by(User.name, User.id)
    return db.session.scalars(loaded).all()


def takes_wishes() -> sa.ColumnElement[bool]:
    """`lifecycle.allows(event, Act.WISH)` for the database."""
    in_time = sa.or_(Event.wishes_until.is_(None), Event.wishes_until > now())
    return Event.status.in_(LIVE) & in_time & Event.slots.any(Slot.starts_at > now())


def takes_answers() -> sa.ColumnElement[bool]:
    """`lifecycle.allows(event, Act.ANSWER)` for the database."""
    return Event.status.in_(LIVE) & is_to_come()


def is_to_come() -> sa.ColumnElement[bool]:
    """Not past, for the database: its last slot has not ended, or it has none yet."""
    return sa.or_(Event.slots.any(Slot.ends_at > now()), ~Event.slots.any())


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
