"""Reading organisations and people."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.accounts.enums import OrganisationKind
from app.accounts.models import Membership, Organisation, User
from app.core.db import db
from app.core.errors import NotFound
from app.outbox.services import Reader
from app.permissions import Actor, Role


def find_user(user_id: int) -> User | None:
    """An active person with their memberships, in two queries."""
    query = (
        sa.select(User)
        .where(User.id == user_id, User.is_active)
        .options(selectinload(User.memberships).joinedload(Membership.organisation))
    )
    return db.session.scalars(query).one_or_none()


def get_user(user_id: int) -> User:
    user = find_user(user_id)
    if user is None:
        raise NotFound
    return user


def find_user_by_email(email: str) -> User | None:
    query = sa.select(User).where(User.email == email.strip().lower(), User.is_active)
    return db.session.scalars(query.options(selectinload(User.memberships))).one_or_none()


def actor_of(user: User) -> Actor:
    roles: dict[Role, set[int]] = {}
    for membership in user.memberships:
        roles.setdefault(membership.role, set()).add(membership.organisation_id)
    manages = frozenset(row.organisation_id for row in user.memberships if row.is_manager)
    held = {role: frozenset(ids) for role, ids in roles.items()}
    return Actor(user_id=user.id, roles=held, manages=manages, is_confirmed=user.confirmed_at is not None)


def get_organisation(organisation_id: int) -> Organisation:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    return organisation


def get_organisation_by_slug(slug: str) -> Organisation:
    organisation = db.session.scalars(sa.select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if organisation is None:
        raise NotFound
    return organisation


def find_organisation_by_siren(siren: str) -> Organisation | None:
    return db.session.scalars(sa.select(Organisation).where(Organisation.siren == siren)).one_or_none()


def organisations_of_kind(kind: OrganisationKind) -> Sequence[Organisation]:
    return db.session.scalars(
        sa.select(Organisation)
        .where(Organisation.kind == kind)
        .order_by(Organisation.name_key, Organisation.id)
    ).all()


def organisations_where(actor: Actor, *roles: Role) -> Sequence[Organisation]:
    """Organisations in which the actor holds one of `roles`, by name."""
    ids = actor.organisations(*roles)
    if not ids:
        return []
    query = (
        sa.select(Organisation)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name_key, Organisation.id)
    )
    return db.session.scalars(query).all()


def readers_of(organisation_id: int, role: Role | None = None) -> list[Reader]:
    """The active members of an organisation, to write to each in their language."""
    query = (
        sa.select(User.email, User.language)
        .join(User.memberships)
        .where(Membership.organisation_id == organisation_id, User.is_active)
        .order_by(User.email)
        .distinct()
    )
    found = db.session.execute(query.where(Membership.role == role) if role else query)
    return [Reader(email, language) for email, language in found]
