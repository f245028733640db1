"""Columns that hold the folded form of others, for lists to search and to sort by.

`name_key: Mapped[str] = folded(search_key, "name")` is all a model says. The column is written with its row,
at each flush, whatever anybody put into it."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, Mapper, mapped_column

from app.core.text import search_words

Fold = Callable[..., str]
LONGEST_KEY = 300
"""A B-tree of PostgreSQL takes entries of some 2,700 bytes: a sort key is cut well below."""
# Compared byte by byte on both databases: the default order of PostgreSQL depends on its host.
_BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def folded(fold: Fold, *sources: str, index: bool = False) -> MappedColumn[str]:
    """Column kept as `fold` of the source columns, cut to LONGEST_KEY when it is indexed."""
    return mapped_column(_BYTES, default="", index=index, info={"folded": (fold, sources, index)})


def matching_words(column: InstrumentedAttribute[str], text: str) -> list[sa.ColumnElement[bool]]:
    """Conditions under which a `search_text` column holds every word of what someone typed; a text without
    any word (!!!) finds nothing, no text at all finds everything."""
    words = search_words(text)
    if text.strip() and not words:
        return [sa.false()]
    return [column.contains(word, autoescape=True) for word in words]


def _keep(mapper: Mapper[Any], _connection: sa.Connection, row: object) -> None:
    for column in mapper.local_table.columns:
        if "folded" in column.info:
            fold, sources, is_key = column.info["folded"]
            text: str = fold(*(getattr(row, name) or "" for name in sources))
            setattr(row, column.key, text[:LONGEST_KEY].rstrip() if is_key else text)


event.listen(Mapper, "before_insert", _keep)
event.listen(Mapper, "before_update", _keep)
