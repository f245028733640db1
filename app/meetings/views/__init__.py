"""Pages of wishes and sessions, for participants and organisers."""

from app.meetings.views import (  # noqa: F401 - each module adds its pages to the blueprint
    requests,
    rules,
    sessions,
)
from app.meetings.views.blueprint import blueprint

__all__ = ["blueprint"]
