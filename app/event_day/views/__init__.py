"""Pages of the day itself."""

from app.event_day.views import (  # noqa: F401 - each module adds its pages to the blueprint
    day,
    records,
)
from app.event_day.views.blueprint import blueprint

__all__ = ["blueprint"]
