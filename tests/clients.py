"""A test client whose requests run apart from the test's own session, as they would in production."""

from contextvars import Context
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db


class IsolatedClient(FlaskClient):
    """Each request gets its own application context and database session; the test's pending changes are
    committed before, and read again after."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        return Context().run(super().open, *args, **kwargs)

    def sign_in(self, user: User) -> "IsolatedClient":
        """Sign in without the cost of a password hash."""
        user_id = user.id
        with self.session_transaction() as session:
            session["_user_id"], session["_fresh"] = str(user_id), True
        return self


def another_client(app: Flask) -> IsolatedClient:
    """A second visitor, with a session of its own."""
    return cast(IsolatedClient, app.test_client())
