"""Limits on sign-in, by account and by address, counted in the database so that every process agrees."""

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import SignInFailure
from app.accounts.queries.sessions import failures_since, hash_of
from app.core.clock import now
from app.core.db import db
from app.core.errors import TooMany
from app.core.i18n import gettext as _

PERIOD = timedelta(minutes=15)
BY_ACCOUNT = 10
BY_ADDRESS = 50  # a ministry leaves by one address
KEPT = timedelta(days=1)


def refuse_when_too_many(*, email: str, address: str) -> None:
    """Raise TooMany once this account or this address has failed too often; the right password then fails
    too, so that guessing on learns nothing."""
    of_account, of_address = failures_since(account=_key(email), address=address, period=PERIOD)
    if of_account >= BY_ACCOUNT or of_address >= BY_ADDRESS:
        message = _(
            "Trop d’essais ont échoué. Attendez %(n)d minutes, ou choisissez un nouveau mot de passe.",
            n=PERIOD.seconds // 60,
        )
        raise TooMany(message)


def note_failure(*, email: str, address: str) -> None:
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.failed_at < now() - KEPT))
    db.session.add(SignInFailure(account=_key(email), address=address, failed_at=now()))


def forget_failures(email: str) -> None:
    """The person has shown who they are."""
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.account == _key(email)))


def _key(email: str) -> str:
    return hash_of(email.strip().lower())
