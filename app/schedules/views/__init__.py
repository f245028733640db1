"""Pages of schedules: programme, runs, versions, and each participant's day."""

from app.schedules.views import (  # noqa: F401 - each module adds its pages to the blueprint
    agenda,
    overview,
    planning,
    programme,
    versions,
)
from app.schedules.views.blueprint import blueprint

__all__ = ["blueprint"]
