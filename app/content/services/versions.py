"""Numbering what is public, and writing a row while a second editor can still be told."""

import json
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.content.enums import Nature
from app.content.models import Identity, VersionRow
from app.content.queries import find_version
from app.content.services.conflicts import worded
from app.content.spec import Spec
from app.core.clock import now
from app.core.db import db
from app.permissions import Actor


def add_version(
    actor: Actor, spec: Spec[Any], thing: Identity, *, nature: Nature = Nature.SUBSTANTIVE, note: str = ""
) -> VersionRow | None:
    """Number the content of the columns as a new version; None when the latest already says the same.

    Raises Conflict when somebody else published at the same moment."""
    with db.session.no_autoflush:  # a state that asks for a version may be set already, its number is not
        content = spec.content_of(thing)
        latest = find_version(spec, thing, thing.version)
    if latest is not None and latest.content == content:
        save(thing)
        return None
    thing.version += 1
    save(thing)  # the row's revision speaks first: of two who publish at once the second stops here
    row = spec.versions(  # type: ignore[call-arg]  # the domain's class has a constructor
        thing_id=thing.id,
        number=thing.version,
        content=json.loads(json.dumps(content)),
        nature=nature,
        note=note.strip(),
        at=now(),
        author_id=actor.user_id,
    )
    db.session.add(row)
    db.session.flush()  # two publications of a number must meet here, not at the commit
    return row


def save(thing: Identity) -> None:
    """Write the row now, raising its revision. Raises Conflict when somebody else did since it was read."""
    thing.updated_at = now()
    flag_modified(thing, "updated_at")  # a change of the draft or of categories alone counts too
    with worded():
        db.session.flush()  # the revision speaks now
