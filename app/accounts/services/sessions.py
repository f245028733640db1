"""Opening and ending sessions: whatever takes a right away ends them, on remembered devices too."""

import ipaddress
import secrets
from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app.accounts.models import User, UserSession
from app.accounts.queries.sessions import IDLE, REMEMBERED, hash_of
from app.core.clock import now
from app.core.db import db, flush_for_id, writing

SEEN_EVERY = timedelta(hours=1)
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "macOS"}


def open_session(user: User, *, agent: str = "", address: str = "", remembered: bool = False) -> str:
    """Sign the person in; answers the token that only their cookie will hold."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_of(token),
            remembered=remembered,
            agent=short_agent(agent),
            address=short_address(address),
            seen_at=now(),
        )
    )
    _forget_old()
    flush_for_id()
    return token


def end_session(session: UserSession) -> None:
    db.session.delete(session)


def end_sessions(user_id: int, *, but: str = "") -> None:
    """End every session of a person; `but` is the token of the one they are using, where it may go on."""
    others = sa.delete(UserSession).where(UserSession.user_id == user_id)
    if but:
        others = others.where(UserSession.token_hash != hash_of(but))
    db.session.execute(others)


def note_seen(session: UserSession, *, apart: bool) -> None:
    """Remember, at most once an hour, that the session is used; `apart` from a request that only reads.
    A database too busy to take it is asked again by the next request."""
    if now() - session.seen_at < SEEN_EVERY:
        return
    if not apart:
        session.seen_at = now()
        return
    seen = sa.update(UserSession).where(UserSession.id == session.id).values(seen_at=now())
    with suppress(OperationalError), writing(), db.get_session("seen") as own:
        own.execute(seen)
        own.commit()


def short_agent(agent: str) -> str:
    """ "Firefox, Windows" out of what a browser says of itself: enough for its owner to know it."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return ", ".join(filter(None, (browser, system or ("Linux" if "Linux" in agent else ""))))


def short_address(address: str) -> str:
    """The network of an address: where it is from, roughly, without naming the machine."""
    with suppress(ValueError):
        length = 24 if ipaddress.ip_address(address).version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    return ""


def _forget_old() -> None:
    """Rows that open nothing any more."""
    idle = ~UserSession.remembered & (UserSession.seen_at <= now() - IDLE)
    over = UserSession.remembered & (UserSession.created_at <= now() - REMEMBERED)
    db.session.execute(sa.delete(UserSession).where(idle | over))
