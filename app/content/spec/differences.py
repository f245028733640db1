"""What differs between two contents, as a reader can follow it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from app.content.spec.fields import LongText
from app.content.spec.specs import Content, Record

_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]+\n*|\n+")
_MANY_WORDS = 4000  # beyond, comparing each word with each takes seconds: lines are compared
Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words of a long text: common, or of one side only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; `segments` for a long text: reading the common and removed ones gives
    `before`, the common and added ones `after`."""

    name: str
    label: str
    before: str
    after: str
    segments: tuple[Segment, ...] = ()


def changes(spec: Record[Any], old: Content, new: Content) -> tuple[Change, ...]:
    """The fields that differ, in the order of the spec."""
    found = []
    for field in spec.fields:
        before, after = old.get(field.name, field.dump(None)), new.get(field.name, field.dump(None))
        if before == after:
            continue
        shown = field.tell(old), field.tell(new)
        words = compare_words(*shown) if isinstance(field, LongText) else ()
        found.append(Change(field.name, str(field.label), *shown, words))
    return tuple(found)


def compare_words(before: str, after: str) -> tuple[Segment, ...]:
    """The two texts word by word (very long ones line by line), blanks kept."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MANY_WORDS:
        old, new = _LINES.findall(before), _LINES.findall(after)
    segments: list[Segment] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            segments.append(_run("same", old[i1:i2]))
            continue
        segments += [_run("removed", old[i1:i2])] if i2 > i1 else []
        segments += [_run("added", new[j1:j2])] if j2 > j1 else []
    return tuple(segments)


def _run(kind: Kind, words: Sequence[str]) -> Segment:
    return Segment(kind, "".join(words))
