"""What is being written: beside the published version once there is one, in the thing itself before that."""

from typing import Any

from app.audit.services import record
from app.content.models import Identity
from app.content.queries import find_draft, working_content
from app.content.services.conflicts import Seen, check_seen, worded
from app.content.services.versions import save
from app.content.spec import Content, Spec, merge
from app.core.clock import now
from app.core.db import db
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.permissions import Actor


def keep(actor: Actor, spec: Spec[Any], thing: Identity, content: Content, *, seen: Seen | None) -> bool:
    """Keep what an editor wrote: as the draft of what has been published, in the thing itself before that.
    False when nothing differs."""
    if thing.version:
        return keep_draft(actor, spec, thing, content, seen=seen)
    check_seen(spec, thing, seen, content)
    changed: bool = content != spec.content_of(thing)
    project(spec, thing, content)
    save(thing)
    return changed


def keep_draft(
    actor: Actor, spec: Spec[Any], thing: Identity, content: Content, *, seen: Seen | None = None
) -> bool:
    """Keep what is being written, whatever it is worth; False when nothing differs from what is there."""
    check_seen(spec, thing, seen, content)
    draft = find_draft(spec, thing)
    if content == working_content(spec, thing):
        return False
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


def discard(actor: Actor, spec: Spec[Any], thing: Any, *, name: str) -> None:
    """Give up, on purpose, what is being written beside what is published, which stays as it is."""
    if not drop_draft(spec, thing):
        raise InvalidTransition(_("Il n’y a pas de brouillon à abandonner."))
    record(actor, f"{name}.draft_dropped", thing)


def project(spec: Spec[Any], thing: Identity, content: Content) -> None:
    """Write a content on the identity's columns; the draft it came from has served."""
    draft = find_draft(spec, thing)
    with worded():
        spec.write(thing, spec.load(content))
    if draft is not None:
        db.session.delete(draft)


def revise(spec: Spec[Any], thing: Identity, content: Content) -> None:
    """Write a content on the columns beside a draft, which takes it in."""
    before = spec.content_of(thing)
    with worded():
        spec.write(thing, spec.load(content))
    carry_over(spec, thing, before)


def carry_over(spec: Spec[Any], thing: Identity, before: Content) -> None:
    """The columns said `before` until now: the draft takes in what it had not changed itself."""
    draft = find_draft(spec, thing)
    if draft is not None:
        draft.content = merge(spec, before, spec.content_of(thing), spec.known(draft.content)).content
