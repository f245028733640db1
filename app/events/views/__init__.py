"""Pages of the events: what everyone may see, and how an organiser prepares them."""

from app.events.views import (  # noqa: F401 - each module adds its pages to the blueprint
    browse,
    editing,
    mails,
    organiser,
    participants,
    slots,
    team,
)
from app.events.views.blueprint import blueprint

__all__ = ["blueprint"]
