"""Pages of matching."""

from app.matchmaking.views import proposals, resemblance, selection, verdicts  # noqa: F401 - each registers its pages
from app.matchmaking.views.blueprint import blueprint

__all__ = ["blueprint"]
