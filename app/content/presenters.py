"""What the pages of a content show: its history, a version, a comparison, a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.content.models import Identity
from app.content.queries import find_version, get_version, versions_of, working_content
from app.content.spec import Change, Content, Merge, Record, Spec, changes
from app.core.i18n import gettext as _

PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One version in a history."""

    number: int
    at: datetime
    author: str
    nature: str
    note: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    lines: tuple[Line, ...]
    older: int | None
    """Show what precedes this number next; None at the end."""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version as it was: (label, text) of each field that says something."""

    line: Line
    shown: tuple[tuple[str, str], ...]
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a publication would make public, and what it would change."""

    shown: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    apart: tuple[tuple[str, str, str], ...] = ()
    """(label, text, who reads it) of what is said but not to everyone."""


@dataclass(frozen=True, slots=True)
class Comparison:
    old: int
    new: int
    numbers: tuple[int, ...]
    changes: tuple[Change, ...]

    def seen_by(self, spec: Spec[Any]) -> "Comparison":
        """Without what the reader's spec does not hold."""
        names = {field.name for field in spec.fields}
        return replace(self, changes=tuple(change for change in self.changes if change.name in names))


@dataclass(frozen=True, slots=True)
class Contested:
    """A field both changed: what each wants, and what the other changed in what I had read."""

    change: Change
    base: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    contested: tuple[Contested, ...]
    taken: tuple[Change, ...]
    """Changed by the other person only: already in the form."""
    kept: tuple[Change, ...]
    """Changed by me only."""
    joined: tuple[Change, ...]
    """Changed by both in ways that go together: from what I had read to both together."""


def shown(spec: Spec[Any], content: Content) -> tuple[tuple[str, str], ...]:
    """(label, text) of every field, "" where nothing is said."""
    return tuple((str(field.label), field.tell(content)) for field in spec.fields)


def history(spec: Spec[Any], thing: Identity, *, before: int | None = None) -> History:
    rows = versions_of(spec, thing, before=before, limit=PAGE + 1)
    older = rows[PAGE - 1].number if len(rows) > PAGE else None
    lines = [_line(spec, row, rows[place + 1 : place + 2]) for place, row in enumerate(rows[:PAGE])]
    return History(tuple(lines), older)


def version_page(spec: Spec[Any], thing: Identity, number: int) -> VersionPage:
    row = get_version(spec, thing, number)
    previous = find_version(spec, thing, number - 1)
    line = _line(spec, row, [previous] if previous is not None else [])
    return VersionPage(line, shown(spec, row.content), number == thing.version)


def comparison(spec: Spec[Any], thing: Identity, old: int | None, new: int | None) -> Comparison:
    """Between two versions; without numbers, the latest and the one before it."""
    new = thing.version if new is None else new
    old = max(1, new - 1) if old is None else old
    before, after = get_version(spec, thing, old), get_version(spec, thing, new)
    numbers = tuple(range(thing.version, 0, -1))
    return Comparison(old, new, numbers, changes(spec, before.content, after.content))


def draft_changes(spec: Spec[Any], thing: Identity) -> tuple[Change, ...]:
    """What publishing the draft would change; everything it says, before the first publication."""
    latest = find_version(spec, thing, thing.version)
    before = latest.content if latest is not None else spec.dump({})
    return changes(spec, before, working_content(spec, thing))


def preview(spec: Spec[Any], thing: Identity, readers: Mapping[str, str]) -> Preview:
    """`readers`: who reads each field that is not for everyone, "" for what is only a setting."""
    content = working_content(spec, thing)
    kept = [(field, readers[field.name]) for field in spec.fields if readers.get(field.name)]
    apart = tuple((str(field.label), field.show(content[field.name]), who) for field, who in kept)
    changed = draft_changes(spec, thing)
    return Preview(shown(spec.without(readers), content), changed, tuple(row for row in apart if row[1]))


def conflict_page(spec: Record[Any], found: Merge) -> ConflictPage:
    fields = {field.name: field for field in spec.fields}
    between = {change.name: change for change in changes(spec, found.theirs, found.mine)}
    contested = [Contested(between[name], fields[name].tell(found.base)) for name in found.contested]
    theirs, mine, both = (
        changes(spec, found.base, side) for side in (found.theirs, found.mine, found.content)
    )
    return ConflictPage(
        tuple(contested),
        tuple(change for change in theirs if change.name in found.theirs_only),
        tuple(change for change in mine if change.name in found.mine_only),
        tuple(change for change in both if change.name in found.joined),
    )


def _line(spec: Spec[Any], row: Any, previous: Any) -> Line:
    changed = changes(spec, previous[0].content, row.content) if previous else ()
    return Line(
        row.number,
        row.at,
        row.author.name if row.author is not None else _("Le portail (import)"),
        row.nature.label,
        row.note,
        tuple(change.label for change in changed),
    )
