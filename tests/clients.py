"""A test client whose requests run apart from the test's own session, as they would in production."""

import re
from contextvars import Context
from html import unescape
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.services import open_session
from app.core.db import db


class IsolatedClient(FlaskClient):
    """Each request gets its own application context and database session; the test's pending changes are
    committed before, and read again after."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        return Context().run(super().open, *args, **kwargs)

    def sign_in(self, user: User) -> "IsolatedClient":
        """Sign in without the cost of a password hash."""
        token = open_session(user)
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return self

    def sign_out(self) -> "IsolatedClient":
        """Lose the session, as clearing the cookies does."""
        if self._cookies is not None:
            self._cookies.clear()
        return self


def hidden_fields(page: str) -> dict[str, str]:
    """Every hidden field of a page by name; of several, the last."""
    found = {}
    for tag in re.findall(r'<input[^>]* type="hidden"[^>]*>|<input type="hidden"[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[unescape(name[1])] = unescape(value[1]) if value else ""
    return found


def another_client(app: Flask) -> IsolatedClient:
    """A second visitor, with a session of its own."""
    return cast(IsolatedClient, app.test_client())


def hidden(page: str) -> dict[str, str]:
    """What an edit form carries of what its editor has read."""
    found = {}
    for name in ("revision", "original"):
        tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
        value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
        found[name] = unescape(value[1]) if value else ""
    return found
