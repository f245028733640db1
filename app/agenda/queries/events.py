"""Reading events, their slots and their delegations."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.agenda.enums import UNDER_WAY, EventStatus
from app.agenda.models import Absence, Delegation, Event, Slot
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
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


def delegations_of(event_id: int) -> Sequence[Delegation]:
    """Every delegation, by side then name, with organisation and absences."""
    query = (
        sa.select(Delegation)
        .join(Delegation.organisation)
        .where(Delegation.event_id == event_id)
        .options(joinedload(Delegation.organisation), selectinload(Delegation.absences))
        .order_by(Delegation.side, Organisation.name, Delegation.id)
    )
    return db.session.scalars(query).all()


def get_delegation(event_id: int, delegation_id: int) -> Delegation:
    query = (
        sa.select(Delegation)
        .where(Delegation.event_id == event_id, Delegation.id == delegation_id)
        .options(joinedload(Delegation.organisation), selectinload(Delegation.absences))
    )
    delegation = db.session.scalars(query).one_or_none()
    if delegation is None:
        raise NotFound
    return delegation


def find_delegation(event_id: int, organisation_id: int) -> Delegation | None:
    query = sa.select(Delegation).filter_by(event_id=event_id, organisation_id=organisation_id)
    return db.session.scalars(query.options(joinedload(Delegation.organisation))).one_or_none()


def delegations_of_members(event_id: int, organisation_ids: frozenset[int]) -> Sequence[Delegation]:
    """The delegations of these organisations at the event."""
    query = sa.select(Delegation).where(
        Delegation.event_id == event_id, Delegation.organisation_id.in_(organisation_ids)
    )
    loaded = query.options(joinedload(Delegation.organisation), selectinload(Delegation.absences))
    return db.session.scalars(loaded.order_by(Delegation.id)).all()


def delegation_counts(event_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Event identifier -> side -> number of delegations, in one query."""
    query = (
        sa.select(Delegation.event_id, Delegation.side, sa.func.count())
        .where(Delegation.event_id.in_(event_ids))
        .group_by(Delegation.event_id, Delegation.side)
    )
    counts: dict[int, dict[str, int]] = {event_id: {} for event_id in event_ids}
    for event_id, side, number in db.session.execute(query):
        counts[event_id][side.value] = number
    return counts


def organisations_without_delegation(event_id: int) -> Sequence[Organisation]:
    """Organisations that may still be added to the event, administrations first."""
    present = sa.select(Delegation.organisation_id).where(Delegation.event_id == event_id)
    first = sa.case((Organisation.kind == OrganisationKind.ADMINISTRATION, 0), else_=1)
    query = sa.select(Organisation).where(Organisation.id.not_in(present))
    return db.session.scalars(query.order_by(first, Organisation.name, Organisation.id)).all()


def absences_at(event_id: int, slot_id: int) -> set[int]:
    """Identifiers of the delegations absent at a slot."""
    query = (
        sa.select(Absence.delegation_id)
        .join(Absence.delegation)
        .where(Delegation.event_id == event_id, Absence.slot_id == slot_id)
    )
    return set(db.session.scalars(query))
