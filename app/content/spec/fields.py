"""The kinds of fields a content is made of: how each is kept as JSON, shown to a reader, and merged.

A field's JSON value is what versions and drafts hold; its Python value is what services take. Comparing and
merging are done on JSON values, so that two contents are equal exactly when they are stored alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from babel.dates import format_date
from babel.numbers import format_decimal

from app.core.i18n import current_language
from app.core.i18n import gettext as _

Words = Callable[[Iterable[str]], Mapping[str, str]]


def _only(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):  # to Python, yes and no are numbers
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One short text or number; the parent of the other kinds.

    `empty`: the JSON value of what nobody has filled in."""

    name: str
    label: Any
    empty: Any = ""

    def dump(self, value: Any) -> Any:
        """Raises TypeError for what is not of this kind, as only a tampered page can send."""
        return self.empty if value is None else _only(str, value)

    def load(self, stored: Any) -> Any:
        return stored

    def show(self, stored: Any) -> str:
        """As a reader would say it; "" when nothing is said."""
        return "" if stored is None else str(stored)

    def tell(self, content: Mapping[str, Any]) -> str:
        """`show` of what a content says, for a field that needs the others to be read."""
        return self.show(content.get(self.name, self.dump(None)))

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        """(value, True when both sides changed it differently: then `mine`, and somebody must choose)."""
        if theirs in (base, mine):
            return mine, False
        return (theirs, False) if mine == base else (mine, True)


@dataclass(frozen=True, slots=True)
class LongText(Field):
    """A text of several lines; line ends are kept in one form."""

    def dump(self, value: Any) -> str:
        return str(_only(str, value or "")).replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class Number(Field):
    empty: Any = None

    def dump(self, value: Any) -> int | None:
        return None if value is None else _only(int, value)

    def show(self, stored: Any) -> str:
        return "" if stored is None else str(format_decimal(stored, locale=current_language()))


@dataclass(frozen=True, slots=True)
class Day(Field):
    """A date, kept in ISO form."""

    empty: Any = None

    def dump(self, value: Any) -> str | None:
        return value.isoformat() if value is not None else None

    def load(self, stored: Any) -> date | None:
        return date.fromisoformat(stored) if stored else None

    def show(self, stored: Any) -> str:
        day = self.load(stored)
        return str(format_date(day, "long", current_language())) if day is not None else ""


@dataclass(frozen=True, slots=True)
class Flag(Field):
    empty: Any = False

    def dump(self, value: Any) -> bool:
        return bool(value)

    def show(self, stored: Any) -> str:
        return _("Oui") if stored else _("Non")


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a short list, by key; `words` names the keys."""

    words: Words = lambda keys: {key: key for key in keys}

    def show(self, stored: Any) -> str:
        return self.words([stored]).get(stored, str(stored)) if stored else ""


@dataclass(frozen=True, slots=True)
class Many(Field):
    """A set of keys, kept sorted: two editors who add different ones both keep theirs."""

    empty: Any = ()
    words: Words = lambda keys: {key: key for key in keys}

    def dump(self, value: Any) -> list[str]:
        return sorted({_only(str, key) for key in value or ()})

    def load(self, stored: Any) -> list[str]:
        return list(stored or ())

    def show(self, stored: Any) -> str:
        named = self.words(stored or ())
        return ", ".join(named.get(key, key) for key in stored or ())

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        before, one, other = set(base or ()), set(theirs or ()), set(mine or ())
        return sorted((one & other) | (one - before) | (other - before)), False


@dataclass(frozen=True, slots=True)
class Levels(Field):
    """Keys with a value each, such as hard criteria with their level; merged key by key."""

    empty: Any = None
    words: Words = lambda keys: {key: key for key in keys}
    values: Words = lambda keys: {key: key for key in keys}

    def dump(self, value: Any) -> dict[str, str]:
        return {_only(str, key): str(_only(str, level)) for key, level in sorted((value or {}).items())}

    def load(self, stored: Any) -> dict[str, str]:
        return dict(stored or {})

    def show(self, stored: Any) -> str:
        named, levels = self.words(stored or {}), self.values((stored or {}).values())
        colon = ": " if current_language() == "en" else " : "
        return "\n".join(
            f"{named.get(key, key)}{colon}{levels.get(level, level)}" for key, level in (stored or {}).items()
        )

    def merge(self, base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
        parts = [cast(dict[str, str], side or {}) for side in (base, theirs, mine)]
        found = {
            key: Field(key, key).merge(*(part.get(key) for part in parts))
            for key in sorted(set().union(*parts))
        }
        kept = {key: value for key, (value, _contested) in found.items() if value is not None}
        return kept, any(contested for _value, contested in found.values())
