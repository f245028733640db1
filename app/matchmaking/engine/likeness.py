"""Needs alike: the vectors of the published needs, in memory, read again where they change."""

import threading
from collections.abc import Mapping

import numpy as np

from app.matchmaking.engine.adapters import Vectors, unpack
from app.matchmaking.engine.current import engine
from app.matchmaking.enums import PassageOf
from app.matchmaking.queries import stored_passages
from app.matchmaking.queries.revisions import Revisions
from app.matchmaking.queries.vectors import published_need_checksums
from app.needs.models import Need
from matching.retrieval import NeedsAlike


class Likeness:
    """One per process; safe for several threads."""

    def __init__(self) -> None:
        self._alike: NeedsAlike | None = None
        self._fingerprint = ""
        self._checksums: Mapping[int, str] = {}
        self._vectors: dict[int, Vectors] = {}
        self._revisions = Revisions()
        self._lock = threading.Lock()

    def needs(self) -> NeedsAlike:
        """The published needs with a vector; one query when no need has changed."""
        with self._lock:
            fingerprint = engine().encoder.fingerprint
            if self._alike is None or fingerprint != self._fingerprint:
                self._revisions.start()
                self._checksums, self._vectors, self._fingerprint = {}, {}, fingerprint
                self._alike = self._read()
                return self._alike
            changes = self._revisions.pending()
            if None in changes.values():
                self._alike = self._read()
            self._revisions.take(changes)
            return self._alike

    def _read(self) -> NeedsAlike:
        said = published_need_checksums(self._fingerprint)
        changed = [need_id for need_id, sign in said.items() if self._checksums.get(need_id) != sign]
        found = stored_passages(PassageOf.NEED, changed, self._fingerprint)
        kept = {need_id: row for need_id, row in self._vectors.items() if need_id in said}
        self._vectors = kept | {need_id: np.asarray(unpack(rows)[0]) for need_id, rows in found.items()}
        self._checksums = said
        return NeedsAlike.of(self._vectors)


_current: list[Likeness] = []


def configure() -> None:
    """Give this process an empty set of needs, filled at the first question."""
    _current[:] = [Likeness()]


def needs_like(need: Need, k: int) -> list[tuple[int, float]] | None:
    """The k needs nearest in meaning to this one, best first: (id, centred cosine). None without a vector.

    They are those of every administration, this one's own included: what is usual in a need is estimated from
    all. One closed meanwhile may be among them."""
    vector = engine().stored_vectors([need]).get(need.id)
    return None if vector is None else _current[0].needs().nearest(vector, k, but=need.id)
