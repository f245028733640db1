"""The blueprint of the accounts, and what Flask-Login keeps of a person: the token of their session."""

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, g, request
from flask_login import UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from app.accounts import services
from app.accounts.queries import actor_of
from app.accounts.queries.sessions import find_session
from app.permissions import Actor
from app.web.edge import SAFE_METHODS
from app.web.extensions import login

blueprint = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


@dataclass
class SignedInUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """A person during a request. The cookies, remembered or not, hold the session's token and nothing
    else, so that ending the session's row closes them all."""

    id: int
    name: str
    email: str
    language: str
    actor: Actor
    session_id: int
    token: str

    def get_id(self) -> str:
        return self.token


@login.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def load(token: str) -> SignedInUser | None:
    session = find_session(token)
    if session is None:
        return None
    services.note_seen(session, apart=request.method in SAFE_METHODS)
    user = session.user
    return SignedInUser(
        user.id, user.name, user.email, user.language, actor_of(user), session.id, token=token
    )


def sign_in_as(token: str, *, remember: bool = False) -> None:
    """Give the browser the session just opened for this person."""
    login_user(load(token), remember=remember)
    g.pop("actor", None)


def current_token() -> str:
    """The token of the session in use, "" when nobody is signed in."""
    return cast(str, current_user.token) if current_user.is_authenticated else ""
