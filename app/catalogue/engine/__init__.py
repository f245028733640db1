"""The catalogue in memory: `columns` is the table of facets, `current` the one this process keeps and brings
up to date before each question."""

from app.catalogue.engine.columns import Choice, Columns, Selection
from app.catalogue.engine.current import catalogue, configure
from app.catalogue.engine.relevance import Found, Passed, in_order, kept_from

__all__ = [
    "Choice",
    "Columns",
    "Found",
    "Passed",
    "Selection",
    "catalogue",
    "configure",
    "in_order",
    "kept_from",
]
