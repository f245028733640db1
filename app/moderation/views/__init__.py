"""Pages of moderators."""

from app.moderation.views import claims, criteria, references, verdicts  # noqa: F401 - each registers its pages
from app.moderation.views.blueprint import blueprint

__all__ = ["blueprint"]
