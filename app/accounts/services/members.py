"""Belonging to an organisation once in: managers, leaving, being removed. One always manages it."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from app.accounts.models import Membership, Organisation, User
from app.accounts.queries.belonging import belonging_rows
from app.accounts.services.sessions import end_sessions
from app.accounts.signals import member_left
from app.audit.services import record
from app.core.db import db
from app.core.errors import InvalidTransition, NotFound
from app.core.i18n import gettext as _
from app.outbox.services import Reader, send_mail
from app.permissions import Actor, Permission, require


def set_manager(
    actor: Actor, organisation: Organisation, user_id: int, *, is_manager: bool, session_token: str = ""
) -> None:
    """Name a member manager, or take it back; the last manager stays one. Their sessions end, but the one in
    use where they change it themselves."""
    require(actor, Permission.PEOPLE_MANAGE, on=organisation)
    rows = _locked_rows(organisation, user_id)
    if not is_manager:
        _refuse_last_manager(organisation, rows)
    if all(row.is_manager == is_manager for row in rows):
        return
    for row in rows:
        row.is_manager = is_manager
    end_sessions(user_id, but=session_token)
    action = "manager.named" if is_manager else "manager.removed"
    record(actor, action, organisation, user_id=user_id)
    name = organisation.name
    _tell(
        rows[0].user,
        lambda: (
            _("Vous gérez maintenant %(name)s : vous admettez et invitez ses personnes.", name=name)
            if is_manager
            else _("Vous ne gérez plus %(name)s ; vous en restez membre.", name=name)
        ),
    )


def leave(user: User, organisation: Organisation, *, session_token: str) -> None:
    """The person goes; the session in use goes on. The last manager names another first."""
    actor = Actor(user_id=user.id)
    rows = _locked_rows(organisation, user.id)
    _refuse_last_manager(organisation, rows)
    _delete(rows)
    end_sessions(user.id, but=session_token)
    record(actor, "membership.left", organisation, user_id=user.id)
    member_left.send(user.id, organisation_id=organisation.id, actor=actor)


def remove_member(actor: Actor, organisation: Organisation, user_id: int) -> None:
    """A manager removes somebody else, whose sessions end; what they wrote stays with the organisation."""
    require(actor, Permission.PEOPLE_MANAGE, on=organisation)
    if user_id == actor.user_id:
        raise InvalidTransition(_("On ne se retire pas soi-même : quittez l’organisation."))
    rows = _locked_rows(organisation, user_id)
    _refuse_last_manager(organisation, rows)
    user, name = rows[0].user, organisation.name
    _delete(rows)
    end_sessions(user_id)
    record(actor, "membership.removed", organisation, user_id=user_id)
    member_left.send(user_id, organisation_id=organisation.id, actor=actor)
    _tell(user, lambda: _("Vous ne faites plus partie de %(name)s.", name=name))


def is_last_manager(organisation: Organisation, user_id: int) -> bool:
    """Whether nobody else manages the organisation, and this person does."""
    managing = sa.select(Membership.user_id).join(Membership.user)
    managing = managing.where(
        Membership.organisation_id == organisation.id, Membership.is_manager, User.is_active
    )
    return set(db.session.scalars(managing)) == {user_id}


def _locked_rows(organisation: Organisation, user_id: int) -> Sequence[Membership]:
    """The person's memberships there, read once nobody else changes those of the organisation: of two
    managers who leave at once, the second sees that they are the last."""
    db.session.execute(sa.select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    query = belonging_rows(organisation.id, user_id).execution_options(populate_existing=True)
    rows = db.session.scalars(query).all()
    if not rows:
        raise NotFound
    return rows


def _refuse_last_manager(organisation: Organisation, rows: Sequence[Membership]) -> None:
    if is_last_manager(organisation, rows[0].user_id):
        raise InvalidTransition(
            _(
                "C’est la dernière personne qui gère %(name)s : nommez-en d’abord une autre.",
                name=organisation.name,
            )
        )


def _delete(rows: Sequence[Membership]) -> None:
    for row in rows:
        db.session.delete(row)
    db.session.flush()


def _tell(user: User, said: Callable[[], str]) -> None:
    send_mail(
        to=[Reader(user.email, user.language)],
        subject=said,
        body=lambda: _(
            "Bonjour %(person)s,\n\n%(said)s\n\nConnectez-vous de nouveau pour continuer.\n\n"
            "L’équipe de Trait d’union",
            person=user.name,
            said=said(),
        ),
        about="organisation.people",
    )
