"""Who runs an event beside the managers of its organisation: they add and remove team members."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.queries import find_user_by_email
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events.models import Event, EventTeamMember
from app.outbox.services import Reader, send_mail
from app.permissions import Actor, Permission, Role, require


def add_to_team(actor: Actor, event: Event, *, email: str) -> None:
    """Add an organiser, of this organisation or another. Raises RuleBroken on `email` for anybody else."""
    require(actor, Permission.EVENT_TEAM_EDIT, on=event)
    user = find_user_by_email(email)
    if user is None or not any(row.role is Role.ORGANISER for row in user.memberships):
        message = _(
            "Aucun organisateur n’a cette adresse : invitez d’abord la personne dans votre organisation."
        )
        raise RuleBroken(fields={"email": message})
    taken = RuleBroken(fields={"email": _("Cette personne est déjà de l’équipe.")})
    if any(member.user_id == user.id for member in event.team):
        raise taken
    try:
        with db.session.begin_nested():  # of two at the same instant, the database keeps one
            db.session.add(EventTeamMember(event_id=event.id, user_id=user.id))
            flush_for_id()
    except IntegrityError as error:
        raise taken from error
    record(actor, "event.team_added", event, user_id=user.id)
    _tell(event, user, lambda: _("Vous faites partie de l’équipe de %(event)s", event=event.name))


def remove_from_team(actor: Actor, event: Event, user_id: int) -> None:
    require(actor, Permission.EVENT_TEAM_EDIT, on=event)
    member = db.session.get(EventTeamMember, (event.id, user_id))
    if member is None:
        raise NotFound
    _remove(actor, event, member)


def leave_teams(actor: Actor, user_id: int, organisation_id: int) -> None:
    """Somebody left this organisation: they leave the teams of its events, and every team once they are an
    organiser nowhere."""
    user = db.session.get_one(User, user_id)
    db.session.refresh(user, ["memberships"])
    query = sa.select(EventTeamMember).join(EventTeamMember.event).where(EventTeamMember.user_id == user_id)
    if any(row.role is Role.ORGANISER for row in user.memberships):
        query = query.where(Event.organisation_id == organisation_id)
    for member in db.session.scalars(query.order_by(EventTeamMember.event_id)).all():
        _remove(actor, member.event, member)


def _remove(actor: Actor, event: Event, member: EventTeamMember) -> None:
    user = member.user
    db.session.delete(member)
    record(actor, "event.team_removed", event, user_id=user.id)
    _tell(event, user, lambda: _("Vous ne faites plus partie de l’équipe de %(event)s", event=event.name))


def _tell(event: Event, user: User, said: Callable[[], str]) -> None:
    send_mail(
        to=[Reader(user.email, user.language)],
        subject=said,
        body=lambda: _(
            "Bonjour %(person)s,\n\n%(said)s sur Trait d’union.\n\nL’équipe de Trait d’union",
            person=user.name,
            said=said(),
        ),
        about="event.team",
        event_id=event.id,
    )
