"""Searching without the model of meaning: the same engine, for which every text means the same.

What is left tells offers apart by their words alone, and criteria hold as ever."""

import threading
from collections.abc import Collection, Sequence

import numpy as np

from app.matchmaking.engine.adapters import as_criteria, as_engine_offers
from app.matchmaking.queries import published_offer_ids
from app.matchmaking.queries.revisions import Revisions
from app.reference.queries import criteria as list_criteria
from matching.criteria import Criterion
from matching.errors import EmptyText
from matching.retrieval import Matcher, NumpyIndex, Vectors


class OneMeaning:
    """An encoder that reads nothing."""

    fingerprint, dimension = "words", 2

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, 2], all the same."""
        return np.ones((len(texts), self.dimension), np.float32)

    encode_documents = encode_queries


class WordSearch:
    """The published offers by their words, at the committed revision; built at the first question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._matcher: Matcher | None = None
        self._criteria: tuple[Criterion, ...] = ()
        self._revisions = Revisions()

    def search(self, text: str, limit: int, kinds: Collection[str] | None) -> list[tuple[int, float]]:
        """Offers that say these words, best first: (id, score); none for a text without a word."""
        try:
            return self.matcher().search(text, limit, kinds=kinds, fitting=True)
        except EmptyText:
            return []

    def matcher(self) -> Matcher:
        """For words and criteria: what it says of meaning tells nothing."""
        criteria = as_criteria(list_criteria())
        with self._lock:
            if self._matcher is None or criteria != self._criteria:
                self._revisions.start()
                self._matcher, self._criteria = Matcher(OneMeaning(), criteria, index=NumpyIndex), criteria
                _load(self._matcher, published_offer_ids())
            changes = self._revisions.pending()
            changed = {offer_id for offer_id in changes.values() if offer_id is not None}
            if changed:
                self._matcher.remove(changed - _load(self._matcher, changed))
            self._revisions.take(changes)
            return self._matcher


def _load(matcher: Matcher, ids: Collection[int]) -> set[int]:
    offers = as_engine_offers(ids)
    same = np.ones((1, OneMeaning.dimension), np.float32)
    if offers:
        matcher.upsert(offers, {offer.id: same for offer in offers})
    return {offer.id for offer in offers}
