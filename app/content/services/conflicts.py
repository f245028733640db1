"""Two people write the same thing: the second is told, and loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from app.content.models import Revised
from app.content.queries import working_content
from app.content.spec import Content, Merge, Record, merge
from app.core.db import hold
from app.core.errors import Conflict
from app.core.i18n import gettext as _


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


def check_seen(spec: Record[Any], thing: Revised, seen: Seen | None, mine: Content) -> None:
    """Raise EditConflict when the content has changed since it was `seen`; its state may have."""
    if seen is None:
        return
    hold(thing)
    if seen.revision == thing.revision:
        return
    theirs = working_content(spec, thing)
    if theirs not in (seen.content, mine):
        raise EditConflict(merge(spec, seen.content, theirs, mine))


def check_unchanged(thing: Revised, revision: int | None) -> None:
    """Raise Conflict when a page shown at `revision` no longer tells what is there; None asks nothing."""
    if revision is not None and revision != thing.revision:
        raise Conflict(_("Ce que vous aviez lu a changé depuis : relisez avant de publier."))


@contextmanager
def worded() -> Iterator[None]:
    """Write within, while a change by somebody else can still be told. Raises Conflict."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict(_("Une autre personne a enregistré entre-temps : rechargez la page.")) from error
