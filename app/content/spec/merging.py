"""Two people wrote from the same content: what each changed, and both together."""

from dataclasses import dataclass
from typing import Any

from app.content.spec.specs import Content, Spec


@dataclass(frozen=True, slots=True)
class Merge:
    """`content` holds both sides' changes; where both changed one field differently it holds mine, and the
    field is `contested`. Fields changed by one side only are in `theirs_only` or `mine_only`."""

    base: Content
    theirs: Content
    mine: Content
    content: Content
    contested: tuple[str, ...]
    theirs_only: tuple[str, ...]
    mine_only: tuple[str, ...]


def merge(spec: Spec[Any], base: Content, theirs: Content, mine: Content) -> Merge:
    """Field by field; sets and criteria key by key."""
    content: Content = {}
    contested, theirs_only, mine_only = [], [], []
    for field in spec.fields:
        before, other, own = (side[field.name] for side in (base, theirs, mine))
        content[field.name], clash = field.merge(before, other, own)
        if clash:
            contested.append(field.name)
        elif other not in (before, own):
            theirs_only.append(field.name)
        elif own not in (before, other):
            mine_only.append(field.name)
    return Merge(base, theirs, mine, content, tuple(contested), tuple(theirs_only), tuple(mine_only))
