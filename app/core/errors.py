"""Refusals of the domain. A service raises one; `app.web.errors` turns it into a page or problem+json.

Messages are for the person: in their language, saying what to do next."""

from collections.abc import Mapping


class DomainError(Exception):
    """Base of every expected refusal. `message` is shown to the person as it is."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """The object does not exist, or must look so to this actor."""


class Forbidden(DomainError):
    """The actor sees the object but may not do this to it."""


class InvalidTransition(DomainError):
    """The object's state does not allow this change."""


class Conflict(DomainError):
    """Somebody else changed the object first (optimistic locking)."""


class Busy(DomainError):
    """The database does not answer for now; nothing was changed, and trying again may succeed."""


class Unavailable(DomainError):
    """A part of the portal does not answer for now, and the rest does; a job that needs it waits for it."""


class TooMany(DomainError):
    """Asked too often: the person waits before trying again."""


class RuleBroken(DomainError):
    """A rule of the domain refuses the values; `fields` maps a field's name to its message."""

    def __init__(self, message: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message or " ".join((fields or {}).values()))
        self.fields = dict(fields or {})
