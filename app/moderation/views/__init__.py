"""Pages of moderators."""

from app.moderation.views import (  # noqa: F401 - each registers its pages
    claims,
    contests,
    corrections,
    criteria,
    identities,
    mails,
    references,
    subjects,
    verdicts,
    vocabulary,
)
from app.moderation.views.blueprint import blueprint

__all__ = ["blueprint"]
