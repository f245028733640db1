"""What the database says no to, in the words of the portal: one place for all services."""

import errno
import sqlite3
from datetime import datetime

from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError

from app.core.clock import now
from app.core.errors import Busy, Conflict, DomainError, RuleBroken
from app.core.i18n import gettext as _

_DISK_FULL = "53100"  # PostgreSQL's code
_last_full: list[datetime] = []
_BUSY_SQLITE = ("locked", "full", "disk I/O", "unable to open", "readonly", "busy")


def refusal_of(error: SQLAlchemyError) -> DomainError | None:
    """Busy when the database does not answer for now, Conflict when somebody else was first, RuleBroken when
    no column holds the value; None for what is our own fault."""
    if isinstance(error, StaleDataError | IntegrityError):
        return Conflict(
            _("Quelqu’un vient de faire la même chose, ou de modifier cet élément. Rien n’a été écrasé.")
        )
    if isinstance(error, DataError):
        return RuleBroken(_("Une réponse est trop longue, ou contient des caractères qui ne s’écrivent pas."))
    if is_full(error):
        return Busy(no_room())
    return Busy() if is_busy(error) else None


def no_room() -> str:
    """What is said when nothing can be written any more, and remembered for whoever watches the portal."""
    _last_full[:] = [now()]
    return _("Le portail n’a plus de place sur son disque : rien n’a été enregistré. Lire reste possible.")


def last_full() -> datetime | None:
    """When this process last met a full disk."""
    return _last_full[0] if _last_full else None


def is_full(error: BaseException) -> bool:
    """Whether a disk, ours or the database's, has no room left."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    said = isinstance(cause, sqlite3.Error) and "disk is full" in str(cause)
    return said or getattr(cause, "sqlstate", None) == _DISK_FULL


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether trying again later may succeed: locked, disk full, connection refused or lost."""
    if isinstance(error, TimeoutError):  # no free connection
        return True
    if not isinstance(error, OperationalError):
        return bool(getattr(error, "connection_invalidated", False))
    is_sqlite = type(error.orig).__module__.startswith("sqlite3")
    return not is_sqlite or any(word in str(error.orig) for word in _BUSY_SQLITE)
