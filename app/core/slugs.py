"""Readable unique identifiers for URLs."""

import sqlalchemy as sa
from slugify import slugify as _ascii_slug
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import db, take_turns
from app.core.text import fold

LONGEST = 120


def slugify(text: str) -> str:
    """ASCII kebab-case of at most LONGEST characters, other scripts transliterated; "element" when nothing is
    left. The text is folded first, as lists fold it: python-slugify would glue "l’étincelle" together."""
    return _ascii_slug(fold(text), max_length=LONGEST) or "element"


def unique_slug(column: InstrumentedAttribute[str], text: str) -> str:
    """First of slug, slug-2, slug-3... that no row of `column` holds yet, nor takes at this instant."""
    base = slugify(text)
    take_turns(f"{column} {base}")
    taken = set(db.session.scalars(sa.select(column).where(column.like(f"{base}%"))))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
