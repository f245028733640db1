"""Keeping a form that could not be accepted, and finding it again. Nothing is done with it in between."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from app.core.clock import now
from app.core.db import db
from app.parking.models import ParkedForm
from app.permissions import Actor

KEPT_FOR = timedelta(hours=24)
MOST_OF_AN_ACCOUNT = 20
MOST_OF_VISITORS = 200
LONGEST = 1000
# Never kept, whatever form they are in.
SECRET = re.compile(r"passw|secret|^again$|^current$|^csrf_token$|^typed_by$|^reprise$")
Fields = list[tuple[str, str]]


def park(account_id: int | None, *, page: str, action: str, fields: Iterable[tuple[str, str]]) -> str:
    """Keep what was typed; answers the token that finds it again. The oldest of an account give way."""
    token = secrets.token_urlsafe(32)
    db.session.execute(sa.delete(ParkedForm).where(ParkedForm.expires_at <= now()))
    _make_room(account_id)
    db.session.add(
        ParkedForm(
            token_hash=_hash(token),
            account_id=account_id,
            page=page[:LONGEST],
            action=action[:LONGEST],
            fields=[[name, value] for name, value in fields if not SECRET.search(name)],
            expires_at=now() + KEPT_FOR,
        )
    )
    return token


def find_parked(token: str) -> ParkedForm | None:
    """What this token keeps, until it expires; whose it is remains to be checked."""
    query = sa.select(ParkedForm).where(ParkedForm.token_hash == _hash(token), ParkedForm.expires_at > now())
    return db.session.scalars(query).one_or_none()


def find_own(actor: Actor, token: str) -> ParkedForm | None:
    """The same, for the account that typed it and nobody else."""
    found = find_parked(token)
    return found if found is not None and found.account_id == actor.user_id else None


def drop_parked(actor: Actor, token: str) -> None:
    """Forget what has been sent since."""
    found = find_own(actor, token)
    if found is not None:
        db.session.delete(found)


def _make_room(account_id: int | None) -> None:
    most = MOST_OF_VISITORS if account_id is None else MOST_OF_AN_ACCOUNT
    own = sa.select(ParkedForm.id).where(ParkedForm.account_id.is_not_distinct_from(account_id))
    kept = db.session.scalars(own.order_by(ParkedForm.id.desc()).offset(most - 1)).all()
    db.session.execute(sa.delete(ParkedForm).where(ParkedForm.id.in_(kept)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
