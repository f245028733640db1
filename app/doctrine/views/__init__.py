"""Pages of the doctrine: the three steps of a need, the route to purchase, the note of choice."""

from app.doctrine.views import determinations, notes, steps  # noqa: F401 - they register their routes
from app.doctrine.views.blueprint import blueprint

__all__ = ["blueprint"]
