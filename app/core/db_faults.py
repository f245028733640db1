"""What the database says no to, in the words of the portal: one place for all services."""

from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import Busy, Conflict, DomainError, RuleBroken
from app.core.i18n import gettext as _

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
    return Busy() if is_busy(error) else None


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether trying again later may succeed: locked, disk full, connection refused or lost."""
    if isinstance(error, TimeoutError):  # no free connection
        return True
    if not isinstance(error, OperationalError):
        return bool(getattr(error, "connection_invalidated", False))
    is_sqlite = type(error.orig).__module__.startswith("sqlite3")
    return not is_sqlite or any(word in str(error.orig) for word in _BUSY_SQLITE)
