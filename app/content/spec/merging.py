"""Two people wrote from the same content: what each changed, and both together."""

from dataclasses import dataclass
from typing import Any

from app.content.spec.specs import Content, Record


@dataclass(frozen=True, slots=True)
class Merge:
    """`content` holds both sides' changes; where both changed one field differently it holds mine, and the
    field is `contested`. Fields changed by one side only are `theirs_only` or `mine_only`; by both, in ways
    that go together, in `joined`."""

    base: Content
    theirs: Content
    mine: Content
    content: Content
    contested: tuple[str, ...]
    theirs_only: tuple[str, ...]
    mine_only: tuple[str, ...]
    joined: tuple[str, ...]


def merge(spec: Record[Any], base: Content, theirs: Content, mine: Content) -> Merge:
    """Field by field; sets and criteria key by key."""
    content: Content = {}
    contested: list[str] = []
    theirs_only: list[str] = []
    mine_only: list[str] = []
    joined: list[str] = []
    for field in spec.fields:
        before, other, own = (side[field.name] for side in (base, theirs, mine))
        content[field.name], clash = field.merge(before, other, own)
        if clash:
            contested.append(field.name)
        elif other == own:
            continue
        elif own == before:
            theirs_only.append(field.name)
        elif other == before:
            mine_only.append(field.name)
        else:
            joined.append(field.name)
    names = (tuple(found) for found in (contested, theirs_only, mine_only, joined))
    return Merge(base, theirs, mine, content, *names)
