"""The offers as arrays, ready to rank. Built whole, never changed: a reader keeps the one it started with.

Rows are sorted by offer number, so nothing depends on the order in which offers arrived.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.criteria import Codes, CriteriaTable, Mask
from matching.errors import UnknownOffer
from matching.lexical import LexicalIndex
from matching.text import offer_text, tokens
from matching.types import Offer, Vectors
from matching.vectors import Space, fit_space, raw_space


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """An offer with what is computed once from it: vectors float32 [passages, d], stems, criteria cells."""

    offer: Offer
    vectors: Vectors
    stems: tuple[str, ...]
    codes: Codes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """n offers: `whole` [n, d] and `parts` [m, d] are unit rows in `space`; `starts` [n+1] delimits them."""

    ids: NDArray[np.int64]
    stored: tuple[StoredOffer, ...]
    kinds: NDArray[np.str_]
    codes: Codes
    whole: Vectors
    parts: Vectors
    starts: NDArray[np.int64]
    languages: NDArray[np.str_]
    space: Space
    lexical: LexicalIndex

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, offer_id: int) -> int:
        """Row of an offer; raises UnknownOffer."""
        row = int(np.searchsorted(self.ids, offer_id))
        if row >= len(self.ids) or self.ids[row] != offer_id:
            raise UnknownOffer(offer_id)
        return row

    def of_kinds(self, kinds: Collection[str] | None) -> Mask:
        """Rows whose kind is wanted, bool [n]; None wants all."""
        if kinds is None:
            return np.ones(len(self), np.bool_)
        return np.isin(self.kinds, sorted(kinds))


def store(table: CriteriaTable, offer: Offer, vectors: Vectors) -> StoredOffer:
    """Everything that depends on one offer alone."""
    words = f"{offer_text(offer)} {' '.join(offer.categories)}"
    return StoredOffer(offer, vectors, tuple(tokens(words, offer.language)), table.codes(offer.facts))


def build_snapshot(table: CriteriaTable, stored: Mapping[int, StoredOffer], dimension: int) -> Snapshot:
    """Arrays over all the offers given."""
    ids = np.array(sorted(stored), np.int64)
    rows = tuple(stored[int(i)] for i in ids)
    counts = [len(row.vectors) for row in rows]
    raw = np.concatenate([row.vectors for row in rows]) if rows else np.empty((0, dimension), np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    first = raw[starts[:-1]]
    space = fit_space(first) if rows else raw_space(dimension)
    return Snapshot(
        ids=ids,
        stored=rows,
        kinds=np.array([row.offer.kind for row in rows], dtype=np.str_),
        codes=np.stack([row.codes for row in rows]) if rows else np.empty((0, len(table.keys)), np.int8),
        whole=space.place(first),
        parts=space.place(raw),
        starts=starts,
        languages=np.array([row.offer.language for row in rows], dtype=np.str_),
        space=space,
        lexical=LexicalIndex([row.stems for row in rows]),
    )
