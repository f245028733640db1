"""The personal address at which a calendar program follows somebody's agenda."""

import hashlib
import secrets

from app.accounts.models import User
from app.accounts.queries import actor_of, find_user
from app.audit.services import record
from app.core.clock import now
from app.core.db import db
from app.permissions import Actor, Permission, require
from app.schedules.models import CalendarAddress
from app.schedules.queries.addresses import find_address


def make_address(actor: Actor) -> str:
    """A new secret for the person's address, in place of the previous one, which answers no more. It is shown
    once: only its digest is kept."""
    require(actor, Permission.AGENDA_READ_OWN)
    secret = secrets.token_urlsafe(32)
    address = find_address(actor) or CalendarAddress(user_id=actor.user_id)
    address.digest, address.created_at = _digest(secret), now()
    db.session.add(address)
    record(actor, "calendar.address_made", _person(actor))
    return secret


def revoke_address(actor: Actor) -> None:
    """Nobody reads the agenda at the person's address any more."""
    require(actor, Permission.AGENDA_READ_OWN)
    address = find_address(actor)
    if address is not None:
        record(actor, "calendar.address_revoked", _person(actor))
        db.session.delete(address)


def reader_of(secret: str) -> Actor | None:
    """Whose agenda this secret opens: a person whose account is still active; None for any other secret."""
    address = db.session.query(CalendarAddress).filter_by(digest=_digest(secret)).one_or_none()
    user = find_user(address.user_id) if address is not None else None
    return None if user is None else actor_of(user)


def _person(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)


def _digest(secret: str) -> str:
    """Of 256 random bits: no salt nor slow hash is needed against guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()
