"""Writing contents: `conflicts` (two editors), `drafts`, `versions`, `publishing` (the order of a
publication), `moderated` (what a moderator does to it). The domains decide who may, and in which state."""

from app.content.services.conflicts import EditConflict, Seen, check_seen, check_unchanged, worded
from app.content.services.drafts import carry_over, discard, drop_draft, keep, keep_draft, project, revise
from app.content.services.moderated import hide, reopen, send_to_moderation
from app.content.services.publishing import Publishing, publish
from app.content.services.versions import add_version, save

__all__ = [
    "EditConflict",
    "Publishing",
    "Seen",
    "add_version",
    "carry_over",
    "check_seen",
    "check_unchanged",
    "discard",
    "drop_draft",
    "hide",
    "keep",
    "keep_draft",
    "project",
    "publish",
    "reopen",
    "revise",
    "save",
    "send_to_moderation",
    "worded",
]
