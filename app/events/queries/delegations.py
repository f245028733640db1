"""Reading the delegations of an event."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.models import Organisation
from app.core.db import db
from app.core.errors import NotFound
from app.events.hours import Period
from app.events.models import Absence, Delegation


def delegations_of(event_id: int) -> Sequence[Delegation]:
    """Every delegation, by side then name, with organisation and absences."""
    query = (
        sa.select(Delegation)
        .join(Delegation.organisation)
        .where(Delegation.event_id == event_id)
        .options(joinedload(Delegation.organisation), selectinload(Delegation.absences))
        .order_by(Delegation.side, Organisation.name_key, Delegation.id)
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
    checked = Organisation.standing == Standing.ACTIVE
    query = sa.select(Organisation).where(Organisation.id.not_in(present), checked)
    return db.session.scalars(query.order_by(first, Organisation.name_key, Organisation.id)).all()


def away_during(event_id: int, period: Period) -> set[int]:
    """Identifiers of the delegations absent for any part of a period."""
    query = (
        sa.select(Absence.delegation_id)
        .join(Absence.delegation)
        .where(
            Delegation.event_id == event_id,
            Absence.starts_at < period.ends_at,
            Absence.ends_at > period.starts_at,
        )
    )
    return set(db.session.scalars(query))
