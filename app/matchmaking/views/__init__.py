"""Pages of matching."""

from app.matchmaking.views import (  # noqa: F401 - each registers its pages
    proposals,
    resemblance,
    selection,
    verdicts,
    weights,
)
from app.matchmaking.views.blueprint import blueprint

__all__ = ["blueprint"]
