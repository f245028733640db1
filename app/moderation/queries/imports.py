"""Reading the imports of a moderator."""

from app.core.db import db
from app.core.errors import NotFound
from app.moderation.models import ImportRun
from app.permissions import Actor


def get_import(actor: Actor, run_id: int) -> ImportRun:
    """An import that this person asked for; NotFound for those of others."""
    run = db.session.get(ImportRun, run_id)
    if run is None or run.requested_by_id != actor.user_id:
        raise NotFound
    return run
