"""Inviting somebody by mail to join an organisation: a secret that works once and expires."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from app.accounts.enums import AskState
from app.accounts.models import JoinRequest, MemberInvitation, Organisation, User
from app.accounts.queries import find_user_by_email
from app.accounts.queries.belonging import belonging_rows, grantable_roles, managers_of
from app.accounts.queries.sessions import hash_of
from app.accounts.services import passwords
from app.accounts.services.people import add_member, register_user
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id, rollback
from app.core.errors import Forbidden, NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import Reader, send_mail, take_back
from app.permissions import SYSTEM, Actor, Permission, Role, require

DRAWN_BY = "member_invitation"
LASTS = timedelta(days=7)


def invite(actor: Actor, organisation: Organisation, *, email: str, role: Role) -> MemberInvitation:
    """Have an invitation mailed; an earlier one to the same address stops working."""
    require(actor, Permission.PEOPLE_MANAGE, on=organisation)
    if role not in grantable_roles(actor, organisation):
        raise RuleBroken(fields={"role": _("Vous ne pouvez pas donner ce rôle.")})
    email = email.strip().lower()
    known = find_user_by_email(email)
    if known is not None and db.session.scalars(belonging_rows(organisation.id, known.id)).first():
        raise RuleBroken(fields={"email": _("Cette personne fait déjà partie de l’organisation.")})
    earlier = sa.select(MemberInvitation.id).where(
        MemberInvitation.organisation_id == organisation.id,
        MemberInvitation.email == email,
        MemberInvitation.used_at.is_(None),
    )
    _drop(list(db.session.scalars(earlier)))
    invitation = MemberInvitation(
        organisation=organisation,
        email=email,
        role=role,
        invited_by_id=actor.user_id,
        expires_at=now() + LASTS,
    )
    db.session.add(invitation)
    flush_for_id()
    inviter = db.session.get(User, actor.user_id) if actor.user_id is not None else None
    reader = known or inviter
    send_mail(  # in the language of an account at this address, else of the person who invites
        to=[Reader(email, reader.language if reader is not None else "fr")],
        subject=lambda: _("Rejoindre %(name)s sur Trait d’union", name=organisation.name),
        about="member.invited",
        drawn=(DRAWN_BY, invitation.id),
    )
    record(actor, "member.invited", organisation, email=email, role=role.value)
    return invitation


def cancel_invitation(actor: Actor, invitation: MemberInvitation) -> None:
    require(actor, Permission.PEOPLE_MANAGE, on=invitation)
    record(actor, "member.uninvited", invitation.organisation, email=invitation.email)
    _drop([invitation.id])


def _drop(ids: list[int]) -> None:
    if ids:
        take_back(DRAWN_BY, ids)
        db.session.execute(sa.delete(MemberInvitation).where(MemberInvitation.id.in_(ids)))


def draw_invitation_token(invitation_id: int) -> tuple[MemberInvitation, str] | None:
    """A new token as the mail leaves; None when it no longer matters."""
    invitation = db.session.get(MemberInvitation, invitation_id, populate_existing=True)
    if invitation is None or invitation.used_at is not None or invitation.expires_at <= now():
        return None
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_of(token)
    return invitation, token


def find_invitation(token: str) -> MemberInvitation:
    """The unused invitation this token opens; NotFound otherwise, without saying why."""
    query = sa.select(MemberInvitation).where(
        MemberInvitation.token_hash == hash_of(token),
        MemberInvitation.used_at.is_(None),
        MemberInvitation.expires_at > now(),
    )
    invitation = db.session.scalars(query).one_or_none()
    if invitation is None:
        raise NotFound(_("Cette invitation n’est plus valable : demandez-en une autre."))
    return invitation


def accept_invitation(invitation: MemberInvitation, user: User) -> None:
    """The invited person joins with the account of the address invited, which the link has shown to
    answer."""
    if user.email != invitation.email:
        raise Forbidden(_("Cette invitation s’adresse à %(email)s.", email=invitation.email))
    _use(invitation)
    user.confirmed_at = user.confirmed_at or now()
    add_member(Actor(user_id=user.id), invitation.organisation, user, invitation.role)
    asked = sa.update(JoinRequest).where(
        JoinRequest.user_id == user.id,
        JoinRequest.organisation_id == invitation.organisation_id,
        JoinRequest.state == AskState.WAITING,
    )
    db.session.execute(
        asked.values(state=AskState.ACCEPTED, decided_by_id=invitation.invited_by_id, decided_at=now())
    )
    _tell_managers(user, invitation.organisation)


def register_invited(token: str, *, name: str, password: str) -> User:
    """An account for an invited address that has none, and its membership."""
    email = find_invitation(token).email
    rollback()  # hashing takes a while: hold no lock meanwhile
    passwords.check_password(password, known=(email, name))
    hashed = passwords.hash_password(password)
    invitation = find_invitation(token)
    user = register_user(SYSTEM, email=email, name=name, password=password, known_hash=hashed)
    accept_invitation(invitation, user)
    return user


def _use(invitation: MemberInvitation) -> None:
    """Claim the invitation; of two at the same instant only one gets it."""
    used = sa.update(MemberInvitation).where(
        MemberInvitation.id == invitation.id, MemberInvitation.used_at.is_(None)
    )
    claimed = db.session.execute(used.values(used_at=now()))
    if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE answers with a CursorResult
        raise NotFound(_("Cette invitation n’est plus valable : demandez-en une autre."))


def _tell_managers(user: User, organisation: Organisation) -> None:
    send_mail(
        to=managers_of(organisation.id),
        subject=lambda: _("%(person)s a rejoint %(name)s", person=user.name, name=organisation.name),
        body=lambda: _(
            "Bonjour,\n\n%(person)s (%(email)s) a accepté votre invitation et fait partie de %(name)s.\n\n"
            "L’équipe de Trait d’union",
            person=user.name,
            email=user.email,
            name=organisation.name,
        ),
        about="member.joined",
    )
