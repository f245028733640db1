"""Reading who belongs to an organisation, who asks to, and who is invited."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.enums import ROLE_LABELS, ROLES_OF_KIND, AskState
from app.accounts.models import JoinRequest, MemberInvitation, Membership, Organisation, User
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.text import search_key
from app.outbox.services import Reader
from app.permissions import Actor, Permission, Role, can, require_visible

LISTED = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation, with all they do there."""

    user_id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    is_manager: bool

    @property
    def does(self) -> str:
        return ", ".join(str(ROLE_LABELS[role]) for role in self.roles)


def belonging_rows(organisation_id: int, user_id: int | None = None) -> sa.Select[Membership]:
    """Memberships that managers handle: being a moderator is none of them."""
    query = sa.select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.role != Role.MODERATOR
    )
    return query if user_id is None else query.where(Membership.user_id == user_id)


def members_of(actor: Actor, organisation: Organisation) -> list[Member]:
    """Its active people, managers first, then by name."""
    require_visible(actor, Permission.PEOPLE_READ, on=organisation)
    query = belonging_rows(organisation.id).join(Membership.user).where(User.is_active)
    rows = db.session.scalars(
        query.options(joinedload(Membership.user)).order_by(Membership.id).limit(LISTED)
    )
    found: dict[int, list[Membership]] = {}
    for row in rows:
        found.setdefault(row.user_id, []).append(row)
    members = [_member(rows) for rows in found.values()]
    return sorted(
        members, key=lambda member: (not member.is_manager, search_key(member.name), member.user_id)
    )


def _member(rows: list[Membership]) -> Member:
    user = rows[0].user
    is_manager = any(row.is_manager for row in rows)
    return Member(user.id, user.name, user.email, tuple(row.role for row in rows), is_manager)


def get_member(actor: Actor, organisation: Organisation, user_id: int) -> Member:
    found = next((item for item in members_of(actor, organisation) if item.user_id == user_id), None)
    if found is None:
        raise NotFound
    return found


def grantable_roles(actor: Actor, organisation: Organisation) -> tuple[Role, ...]:
    """What the actor may give there: a manager gives what they hold, a moderator what the kind allows."""
    roles = ROLES_OF_KIND[organisation.kind]
    if can(actor, Permission.SUBJECT_MODERATE):
        return roles
    return tuple(role for role in roles if organisation.id in actor.managed(role))


def waiting_joins_of(organisation: Organisation) -> Sequence[JoinRequest]:
    query = waiting_joins().where(JoinRequest.organisation_id == organisation.id)
    return db.session.scalars(query.limit(LISTED)).all()


def waiting_joins() -> sa.Select[JoinRequest]:
    """Requests that wait, the oldest first, with their person and organisation."""
    return (
        sa.select(JoinRequest)
        .where(JoinRequest.state == AskState.WAITING)
        .options(joinedload(JoinRequest.user), joinedload(JoinRequest.organisation))
        .order_by(JoinRequest.created_at, JoinRequest.id)
    )


def count_waiting_joins(organisation_ids: frozenset[int]) -> int:
    """Requests that wait for the managers of these organisations."""
    waiting = JoinRequest.state == AskState.WAITING
    query = sa.select(sa.func.count(JoinRequest.id)).where(
        waiting, JoinRequest.organisation_id.in_(organisation_ids)
    )
    return db.session.scalar(query) or 0


def count_unmanaged_joins() -> int:
    """Requests that only a moderator can answer: nobody manages the organisation."""
    managed = sa.select(Membership.organisation_id).join(Membership.user)
    managed = managed.where(Membership.is_manager, User.is_active)
    query = sa.select(sa.func.count(JoinRequest.id)).where(
        JoinRequest.state == AskState.WAITING, JoinRequest.organisation_id.not_in(managed)
    )
    return db.session.scalar(query) or 0


def joins_asked_by(user_id: int) -> Sequence[JoinRequest]:
    """What the person waits for."""
    return db.session.scalars(waiting_joins().where(JoinRequest.user_id == user_id)).all()


def get_join(join_id: int) -> JoinRequest:
    found = db.session.get(JoinRequest, join_id)
    if found is None:
        raise NotFound
    return found


def invitations_of(organisation: Organisation) -> Sequence[MemberInvitation]:
    """Those nobody has used yet, expired ones too: they can be sent again."""
    query = sa.select(MemberInvitation).where(
        MemberInvitation.organisation_id == organisation.id, MemberInvitation.used_at.is_(None)
    )
    return db.session.scalars(query.order_by(MemberInvitation.id).limit(LISTED)).all()


def get_invitation(invitation_id: int) -> MemberInvitation:
    found = db.session.get(MemberInvitation, invitation_id)
    if found is None or found.used_at is not None:
        raise NotFound
    return found


def is_open(invitation: MemberInvitation) -> bool:
    return invitation.expires_at > now()


def managers_of(organisation_id: int) -> list[Reader]:
    """Who admits people there: its active managers, or the moderators where there are none."""
    people = sa.select(User.email, User.language).join(User.memberships).where(User.is_active)
    here = (Membership.organisation_id == organisation_id) & Membership.is_manager
    for condition in (here, Membership.role == Role.MODERATOR):
        found = db.session.execute(people.where(condition).distinct().order_by(User.email)).all()
        if found:
            return [Reader(email, language) for email, language in found]
    return []


def organisation_named(text: str) -> Organisation | None:
    """The one organisation of this exact name, case and accents aside; None for none, or for several."""
    query = sa.select(Organisation).where(Organisation.name_key == search_key(text))
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None
