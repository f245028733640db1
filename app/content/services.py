"""Writing contents: draft, publication, restoring. The domains decide who may, and in which state."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.content.enums import Nature
from app.content.models import Identity, VersionRow
from app.content.queries import find_draft, find_version, working_content
from app.content.spec import Content, Merge, Spec, merge
from app.core.clock import now
from app.core.db import db
from app.core.errors import Conflict
from app.core.i18n import gettext as _
from app.permissions import Actor


@dataclass(frozen=True, slots=True)
class Seen:
    """What an editor had read when they began to write."""

    revision: int
    content: Content


class EditConflict(Conflict):
    """Somebody else saved in between; `merge` holds what each changed."""

    def __init__(self, found: Merge) -> None:
        super().__init__(_("Une autre personne a enregistré entre-temps."))
        self.merge = found


def check_seen(spec: Spec[Any], thing: Identity, seen: Seen | None, mine: Content) -> None:
    """Raise EditConflict when the content has changed since it was `seen`; its state may have."""
    if seen is None or seen.revision == thing.revision:
        return
    theirs = working_content(spec, thing)
    if theirs not in (seen.content, mine):
        raise EditConflict(merge(spec, seen.content, theirs, mine))


def check_unchanged(thing: Identity, revision: int | None) -> None:
    """Raise Conflict when a page shown at `revision` no longer tells what is there; None asks nothing."""
    if revision is not None and revision != thing.revision:
        raise Conflict(_("Ce que vous aviez lu a changé depuis : relisez avant de publier."))


def keep_draft(
    actor: Actor, spec: Spec[Any], thing: Identity, content: Content, *, seen: Seen | None = None
) -> bool:
    """Keep what is being written, whatever it is worth; False when nothing differs from what is there."""
    check_seen(spec, thing, seen, content)
    draft = find_draft(spec, thing)
    if content == working_content(spec, thing):
        return False
    if spec.drafts is None:
        raise TypeError("what is saved is public at once here: there is nothing to keep a draft in")
    if draft is None:
        draft = spec.drafts(thing_id=thing.id)  # type: ignore[call-arg]  # the domain's class has a constructor
        db.session.add(draft)
    draft.content, draft.saved_at, draft.saved_by_id = content, now(), actor.user_id
    save(thing)
    return True


def drop_draft(spec: Spec[Any], thing: Identity) -> bool:
    """Forget what is being written; False when nothing was."""
    draft = find_draft(spec, thing)
    if draft is None:
        return False
    db.session.delete(draft)
    save(thing)
    return True


def project(spec: Spec[Any], thing: Identity, content: Content) -> None:
    """Write a content on the identity's columns; the draft it came from has served."""
    spec.write(thing, spec.load(content))
    draft = find_draft(spec, thing)
    if draft is not None:
        db.session.delete(draft)


def revise(spec: Spec[Any], thing: Identity, content: Content) -> None:
    """Write a content on the columns beside a draft: the draft takes in what it had not changed itself."""
    before = spec.content_of(thing)
    spec.write(thing, spec.load(content))
    draft = find_draft(spec, thing)
    if draft is not None:
        draft.content = merge(spec, before, spec.content_of(thing), spec.known(draft.content)).content


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
    try:
        db.session.flush()  # the revision speaks now, while it can still be worded
    except StaleDataError as error:
        raise Conflict(_("Une autre personne a enregistré entre-temps : rechargez la page.")) from error
