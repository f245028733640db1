"""Two people change the same thing: the second is told, and loses nothing of what they typed."""

from sqlalchemy.orm.exc import StaleDataError

from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import gettext as _


def check_version(found: int, expected: int) -> None:
    """Raise Conflict unless the row is still the one that was read."""
    if found != expected:
        raise _stale()


def save() -> None:
    """Write now, while a change by somebody else can still be worded."""
    try:
        db.session.flush()
    except StaleDataError as error:
        raise _stale() from error


def _stale() -> Conflict:
    return Conflict(_("Une autre personne a enregistré des changements entre-temps."))
