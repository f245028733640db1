"""What a domain says of its content: its fields, its tables, how a row is read and written."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from app.content.models import DraftRow, VersionRow
from app.content.spec.fields import Field

Content = dict[str, Any]
Thing = TypeVar("Thing")


def _columns(thing: Any, spec: "Record[Any]") -> Mapping[str, Any]:
    return {field.name: getattr(thing, field.name) for field in spec.fields}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Record(Generic[Thing]):
    """What several people may write at once, public or not. `read` answers the columns as Python values."""

    fields: tuple[Field, ...]
    read: Callable[[Thing], Mapping[str, Any]] | None = None

    def without(self, names: Collection[str]) -> Self:
        """The same for a reader from whom these fields are kept."""
        return replace(self, fields=tuple(field for field in self.fields if field.name not in names))

    def content_of(self, thing: Thing) -> Content:
        """The columns of the identity, as a content."""
        return self.dump(self.read(thing) if self.read is not None else _columns(thing, self))

    def dump(self, values: Mapping[str, Any]) -> Content:
        """Python values as a content; what is left out is empty."""
        return {field.name: field.dump(values.get(field.name)) for field in self.fields}

    def load(self, content: Content) -> dict[str, Any]:
        """A content as Python values; a field it did not know when it was written is empty."""
        return {field.name: field.load(content.get(field.name, field.dump(None))) for field in self.fields}

    def known(self, content: object) -> Content:
        """What came back from a page, in the shape of a content: what does not fit counts as empty."""
        given = content if isinstance(content, dict) else {}
        return {field.name: _fitting(field, given.get(field.name)) for field in self.fields}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spec(Record[Thing]):
    """A record that is published, in numbered versions, beside a draft. `write` projects Python values on the
    identity's columns and refuses (RuleBroken) what they cannot hold. What a domain stores apart from the
    form (an import's source) is a field like another."""

    write: Callable[[Thing, Mapping[str, Any]], None]
    versions: type[VersionRow]
    drafts: type[DraftRow]


def _fitting(field: Field, value: object) -> Any:
    try:
        return field.dump(field.load(value))
    except (TypeError, ValueError, AttributeError):
        return field.dump(None)
