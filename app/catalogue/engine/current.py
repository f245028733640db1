"""The catalogue of this process: columns at the committed revision, for the day asked.

The rows are the truth. What a page asks is read from memory; only offers that have changed since, or whose
claims begin or end between the day held and the day asked, are read again."""

import threading
from collections.abc import Iterable
from datetime import date

from app.catalogue.engine.columns import Columns
from app.catalogue.queries.rows import offer_rows, turning_between
from app.matchmaking.queries.revisions import Revisions
from app.reference.models import Criterion
from app.reference.queries import criteria

Known = tuple[tuple[str, tuple[str, ...]], ...]


class Catalogue:
    """One per process; safe for several threads."""

    def __init__(self) -> None:
        self._columns: Columns | None = None
        self._known: Known = ()
        self._day = date.min
        self._revisions = Revisions()
        self._lock = threading.Lock()

    def on(self, day: date, all_criteria: Iterable[Criterion] | None = None) -> Columns:
        """The published offers with what holds on `day`: one query when nothing has changed; one more where
        `all_criteria` are not given."""
        with self._lock:
            asked = criteria() if all_criteria is None else all_criteria
            known = tuple((row.key, tuple(row.implied_by)) for row in asked)
            if self._columns is None or known != self._known:
                self._revisions.start()
                self._columns, self._known, self._day = Columns.of(offer_rows(day)), known, day
                return self._columns
            changes = self._revisions.pending()
            stale = {offer_id for offer_id in changes.values() if offer_id is not None}
            if day != self._day:
                stale |= turning_between(*sorted((day, self._day)))
            if stale:
                self._columns = self._columns.replaced(stale, offer_rows(day, stale))
            self._revisions.take(changes)
            self._day = day
            return self._columns


_current: list[Catalogue] = []


def configure() -> None:
    """Give this process an empty catalogue, filled at the first question."""
    _current[:] = [Catalogue()]


def catalogue() -> Catalogue:
    return _current[0]
