"""Readable unique identifiers for URLs."""

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import db


def slugify(text: str) -> str:
    """ASCII kebab-case of at most 120 characters; "element" when nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:120].strip("-") or "element"


def unique_slug(column: InstrumentedAttribute[str], text: str) -> str:
    """First of slug, slug-2, slug-3... that no row of `column` holds yet."""
    base = slugify(text)
    taken = set(db.session.scalars(sa.select(column).where(column.like(f"{base}%"))))
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
