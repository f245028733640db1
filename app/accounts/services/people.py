"""People: accounts and roles."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Membership, Organisation, User
from app.accounts.services import passwords
from app.accounts.services.sessions import end_sessions
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor, Role


def register_user(
    actor: Actor,
    *,
    email: str,
    name: str,
    password: str,
    language: str = "fr",
    is_demo: bool = False,
    known_hash: str = "",
) -> User:
    """Create an account. Raises RuleBroken on `email` when taken, on `password` when it is soon guessed.

    `known_hash` spares hashing the same password again, when many demonstration accounts share it."""
    if not (known_hash or is_demo):  # the operator chooses the one of the demonstration
        passwords.check_password(password, known=(email, name))
    user = User(
        email=email.strip().lower(),
        name=name,
        password_hash=known_hash or passwords.hash_password(password),
        language=language,
        is_demo=is_demo,
        confirmed_at=now() if is_demo else None,
    )
    try:
        with db.session.begin_nested():  # so that a taken address undoes nothing else
            db.session.add(user)
            flush_for_id()
    except IntegrityError as error:
        message = _(
            "Un compte existe déjà à cette adresse : connectez-vous, ou choisissez un nouveau mot de passe."
        )
        raise RuleBroken(fields={"email": message}) from error
    record(actor, "user.registered", user)
    return user


def add_member(
    actor: Actor, organisation: Organisation, user: User, role: Role, *, is_manager: bool = False
) -> Membership:
    """Give a person a role in an organisation; calling again changes nothing."""
    query = sa.select(Membership).filter_by(user_id=user.id, organisation_id=organisation.id, role=role)
    membership = db.session.scalars(query).one_or_none()
    if membership is None:
        membership = Membership(user=user, organisation=organisation, role=role, is_manager=is_manager)
        db.session.add(membership)
        end_sessions(user.id)
        record(actor, "membership.added", organisation, user_id=user.id, role=role.value)
    return membership


def rename(user: User, *, name: str) -> None:
    if not name.strip():
        raise RuleBroken(fields={"name": _("Donnez votre nom.")})
    record(Actor(user_id=user.id), "user.renamed", user, before=user.name, after=name.strip())
    user.name = name.strip()


def choose_language(user: User, language: str) -> None:
    user.language = language
