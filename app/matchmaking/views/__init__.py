"""Pages of matching."""

from app.matchmaking.views import (  # noqa: F401 - each registers its pages
    needs_of_offers,
    proposals,
    resemblance,
    selection,
    suites,
    verdicts,
    weights,
)
from app.matchmaking.views.blueprint import blueprint

__all__ = ["blueprint"]
