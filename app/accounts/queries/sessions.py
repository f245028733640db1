"""Reading sessions and failed sign-ins."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from app.accounts.models import Membership, SignInFailure, User, UserSession
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound

IDLE = timedelta(hours=12)
REMEMBERED = timedelta(days=30)


def hash_of(secret: str) -> str:
    """What is kept of a random token: long enough that a fast hash is out of reach of guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_session(token: str) -> UserSession | None:
    """The session this token opens, with its person and their memberships, in two queries."""
    query = (
        sa.select(UserSession)
        .join(UserSession.user)
        .where(UserSession.token_hash == hash_of(token), User.is_active, _alive())
        .options(
            contains_eager(UserSession.user)
            .selectinload(User.memberships)
            .joinedload(Membership.organisation)
        )
    )
    return db.session.scalars(query).one_or_none()


def sessions_of(user_id: int) -> Sequence[UserSession]:
    """Where a person is signed in, the last seen first."""
    query = sa.select(UserSession).where(UserSession.user_id == user_id, _alive())
    return db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def get_session_of(user_id: int, session_id: int) -> UserSession:
    session = db.session.scalars(
        sa.select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
    ).one_or_none()
    if session is None:
        raise NotFound
    return session


def _alive() -> sa.ColumnElement[bool]:
    """Unused for twelve hours a session is over; one on a remembered device lasts thirty days in all."""
    remembered = UserSession.remembered & (UserSession.created_at > now() - REMEMBERED)
    return remembered | (~UserSession.remembered & (UserSession.seen_at > now() - IDLE))


def failures_since(*, account: str, address: str, period: timedelta) -> tuple[int, int]:
    """How many sign-ins failed lately for this account, and from this address."""
    since = SignInFailure.failed_at > now() - period
    counts = [
        sa.select(sa.func.count(SignInFailure.id)).where(condition, since).scalar_subquery()
        for condition in (SignInFailure.account == account, SignInFailure.address == address)
    ]
    of_account, of_address = db.session.execute(sa.select(*counts)).one()
    return of_account, of_address
